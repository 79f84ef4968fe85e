import type { StoredMeasurement } from '../measurement/archive/archive.ts';

/** What to know before the data of a stored measurement is used: that it is not whole, or was changed. One sentence each. */
export function storedDoubts({ record, state, problems }: StoredMeasurement): string[] {
  return [
    ...(state === 'complete' ? [] : [`${record.id} is ${state}: its data may end early`]),
    ...problems.map((problem) => `${record.id}: ${problem}`),
  ];
}
