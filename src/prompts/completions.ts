import { sameRoutine } from '../instrument/routine-name.ts';
import type { MeasurementSummary } from '../archive/archive.ts';
import type { Complete, Known } from './define-prompt.ts';

/** A host waits for a completion while a person types: a later answer is of no use. */
const PATIENCE_MS = 500;

/** Offers fixed suggestions that begin with the typed text, ignoring case. */
export function suggest(...values: readonly string[]): Complete {
  return (typed) => beginningWith(typed, values);
}

/** Completes names of devices that were measured, newest first. */
export const completeDevice: Complete = async (typed, known) => {
  const names = (await stored(known)).flatMap(({ device_name: name }) => name ?? []);
  return beginningWith(typed, [...new Set(names)]);
};

/**
 * Completes ids of stored measurements, newest first.
 *
 * @param routine limits them to this routine
 */
export function completeMeasurement(routine?: string): Complete {
  return async (typed, known) => {
    const all = await stored(known);
    const fitting = all.filter((one) => routine === undefined || sameRoutine(one.routine, routine));
    return beginningWith(
      typed,
      fitting.map(({ id }) => id),
    );
  };
}

/** Completes the last item of a list; the items before it stay as they were typed. */
export function lastOf(items: readonly string[]): Complete {
  return (typed) => {
    const begun = /^(?:.*,\s*)?/.exec(typed)?.[0] ?? '';
    const taken = begun.split(',').map((item) => item.trim().toLowerCase());
    const open = items.filter((item) => !taken.includes(item.toLowerCase()));
    return beginningWith(typed.slice(begun.length), open).map((item) => begun + item);
  };
}

function beginningWith(typed: string, values: readonly string[]): string[] {
  const start = typed.trimStart().toLowerCase();
  return values.filter((value) => value.toLowerCase().startsWith(start));
}

/** Stored measurements; none if the archive cannot be read in time. */
async function stored({ archive }: Known): Promise<readonly MeasurementSummary[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly MeasurementSummary[]>((resolve) => {
    timer = setTimeout(() => resolve([]), PATIENCE_MS);
  });
  try {
    return await Promise.race([archive.list().then(({ entries }) => entries), late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
