/** Points from one value to another in steps, both ends included; undefined where a number is missing or the step is 0. */
export function pointsBetween(
  start: number | undefined,
  end: number | undefined,
  step: number | undefined,
): number | undefined {
  if (start === undefined || end === undefined || step === undefined) return undefined;
  if (start === end) return 1;
  return step === 0 ? undefined : Math.floor(Math.abs((end - start) / step) + 1e-6) + 1;
}
