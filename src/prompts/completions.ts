import { sameRoutine } from '../instrument/routine-name.ts';
import type { MeasurementSummary } from '../archive/archive.ts';
import type { Complete, Known } from './define-prompt.ts';

/** A host waits for a completion while a person types: later than this it is of no use. */
const PATIENCE_MS = 500;

/** Fixed suggestions that begin with what was typed, without regard to case. */
export function suggest(...values: readonly string[]): Complete {
  return (typed) => beginningWith(typed, values);
}

/** Names of devices that were measured, newest first. */
export const completeDevice: Complete = async (typed, known) => {
  const names = (await stored(known)).flatMap(({ device_name: name }) => name ?? []);
  return beginningWith(typed, [...new Set(names)]);
};

/** Ids of stored measurements, newest first. @param routine only of this one */
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

/** None where the archive cannot be read, or not soon. */
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
