/** Clocks of two computers differ by minutes, and an instrument may write local time without its zone. */
const TOLERANCE_MS = 24 * 3600_000;

/**
 * Lists the doubts about data that follow from the time at which the data says it was acquired, one sentence each.
 * @param acquiredAt as the data has it; undefined, or no time at all, says nothing
 */
export function acquisitionDoubts(
  acquiredAt: string | undefined,
  { began, ended }: { began: Date; ended: Date },
): string[] {
  const at = Date.parse(acquiredAt ?? '');
  if (Number.isNaN(at)) return [];
  if (at >= began.getTime() - TOLERANCE_MS && at <= ended.getTime() + TOLERANCE_MS) return [];
  return [
    `by its own time the data was acquired at ${new Date(at).toISOString()}, and this measurement began at ${began.toISOString()}: the clock of the instrument is wrong, or the data is of another measurement`,
  ];
}
