const ENOUGH = 4;
const PREFIXES = [
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
] as const;

/**
 * A value and the limit it exceeds, in words: four digits, more where the two would read the same; `A` with a prefix
 * that suits the limit, long durations in min or h.
 */
export function figures(value: number, limit: number, unit: string): { value: string; limit: string } {
  const [scale, shown] = scaleFor(Math.abs(limit) > 0 ? Math.abs(limit) : Math.abs(value), unit);
  const written = (one: number, digits: number): string => String(Number((one / scale).toPrecision(digits)));
  let digits = ENOUGH;
  while (digits < 15 && written(value, digits) === written(limit, digits)) digits += 1;
  const behind = shown === '' ? '' : ` ${shown}`;
  return { value: `${written(value, digits)}${behind}`, limit: `${written(limit, digits)}${behind}` };
}

function scaleFor(size: number, unit: string): readonly [scale: number, unit: string] {
  if (unit === 'A') {
    const [scale, prefix] = PREFIXES.find(([one]) => size >= one * 0.999) ?? [1, ''];
    return [scale, `${prefix}A`];
  }
  if (unit === 's' && size >= 3600) return [3600, 'h'];
  if (unit === 's' && size >= 120) return [60, 'min'];
  return [1, unit];
}
