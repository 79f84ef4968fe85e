import type { StoredMeasurement } from '../archive/archive.ts';

/**
 * Lists what to know before the data of a stored measurement is used: the data is not whole, or was changed. One
 * sentence each.
 */
export function storedDoubts({ record, state, problems }: StoredMeasurement): string[] {
  return [
    ...(state === 'complete' ? [] : [`${record.id} is ${state}: its data may end early`]),
    ...(record.partial
      ? [`${record.id} is PARTIAL: it was read while it measured, and its end is missing`]
      : []),
    ...problems.map((problem) => `${record.id}: ${problem}`),
  ];
}
