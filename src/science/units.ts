/**
 * Spells a unit as the field writes it, from any spelling the instrument uses: `A/cm^2`, `A/cm2`, `A/cmÂ²` and
 * `A/cm▓` are A/cm²; `Ohm` is Ω; `uW` is µW; `deg` is °.
 */
export function normaliseUnit(text: string): string {
  return text
    .trim()
    .replace(/Â([²³°µ])/g, '$1')
    .replace(/(cm|m)(?:\^?2|▓|\ufffd)/g, '$1²')
    .replace(/\bOhm\b/gi, 'Ω')
    .replace(/(^|[^a-zA-Z])[uμ](?=[AVWsFCm])/g, '$1µ')
    .replace(/^deg$/i, '°')
    .replace(/^degC$/i, '°C')
    .replace(/\/?\s*sq\b/i, '/□');
}

/** Splits a heading such as `J_DUT (A/cm2)` into name and unit; the unit is empty if the heading has none. */
export function splitHeading(heading: string): { name: string; unit: string } {
  const match = /^(.*?)\s*\(([^()]*)\)\s*$/.exec(heading);
  return match === null
    ? { name: heading.trim(), unit: '' }
    : { name: (match[1] ?? '').trim(), unit: normaliseUnit(match[2] ?? '') };
}

/** Number of units `to` in one unit `from`, if they differ by an SI prefix; undefined for anything else. */
export function scaleBetween(from: string, to: string): number | undefined {
  if (from === to) return 1;
  const [a, b] = [splitPrefix(from), splitPrefix(to)];
  for (const x of a) for (const y of b) if (x.base === y.base) return x.factor / y.factor;
  return undefined;
}

const PREFIXES: Readonly<Record<string, number>> = {
  G: 1e9,
  M: 1e6,
  k: 1e3,
  m: 1e-3,
  µ: 1e-6,
  n: 1e-9,
  p: 1e-12,
};

/** All readings of a unit as prefix and base: `mA/cm²` is also 1e-3 of `A/cm²`. */
function splitPrefix(unit: string): { base: string; factor: number }[] {
  const factor = PREFIXES[unit.charAt(0)];
  const plain = { base: unit, factor: 1 };
  return factor === undefined || unit.length < 2 ? [plain] : [plain, { base: unit.slice(1), factor }];
}
