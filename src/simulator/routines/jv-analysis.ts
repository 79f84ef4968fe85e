/** Volts and A/cm². */
export type JvPoint = readonly [volts: number, density: number];

interface Quantity {
  value: number;
  unit: string;
}

/**
 * The instrument's own evaluation of one scan, by the names it uses; NaN for values that the scan does not
 * reach.
 */
export interface JvParameters {
  voc: Quantity;
  jsc: Quantity;
  v_mpp: Quantity;
  j_mpp: Quantity;
  p_mpp: Quantity;
  r_series: Quantity;
  r_shunt: Quantity;
  'fill factor': Quantity;
  efficiency: Quantity;
}

/** Fraction of the scanned range over which the resistances are fitted. */
const SLOPE_WINDOW = 0.1;

/**
 * Evaluates a scan like the instrument: Jsc interpolated, Voc and the maximum power point from parabolas
 * through the nearest points, the resistances −dV/dI from straight lines around Voc and 0 V. This evaluation is
 * written for the simulator alone, so that a client's evaluation can be checked against an independent one.
 *
 * @param area cm², for the resistances in Ω
 * @param irradiance mW/cm², for the efficiency
 */
export function analyseJv(rows: readonly JvPoint[], of: { area: number; irradiance: number }): JvParameters {
  const points: JvPoint[] = rows.map(([volts, density]) => [volts, density * 1000]);
  points.sort((a, b) => a[0] - b[0]);
  const jsc = shortCircuitCurrent(points);
  const voc = openCircuitVoltage(points);
  const { volts, power } = maximumPower(points, voc);
  return {
    voc: { value: voc, unit: 'V' },
    jsc: { value: jsc, unit: 'mA/cm^2' },
    v_mpp: { value: volts, unit: 'V' },
    j_mpp: { value: power / volts, unit: 'mA/cm^2' },
    p_mpp: { value: power, unit: 'mW/cm^2' },
    r_series: { value: resistance(points, voc, of.area), unit: 'Ohm' },
    r_shunt: { value: resistance(points, 0, of.area), unit: 'Ohm' },
    'fill factor': { value: (100 * power) / (voc * jsc), unit: '%' },
    efficiency: { value: (100 * power) / of.irradiance, unit: '%' },
  };
}

function shortCircuitCurrent(points: readonly JvPoint[]): number {
  const after = points.findIndex(([volts]) => volts >= 0);
  const [v1, j1] = points[after] ?? [Number.NaN, Number.NaN];
  if (v1 === 0) return j1;
  const [v0, j0] = points[after - 1] ?? [Number.NaN, Number.NaN];
  return j0 - (v0 * (j1 - j0)) / (v1 - v0);
}

/** Root of the parabola J(V) through the three points nearest to the first crossing. */
function openCircuitVoltage(points: readonly JvPoint[]): number {
  const after = points.findIndex(([, density], i) => density <= 0 && (points[i - 1]?.[1] ?? 0) > 0);
  const origin = points[after - 1]?.[0] ?? Number.NaN;
  const near = points.slice(Math.max(0, after - 2), after + 1);
  const [constant, slope, bend] = parabola(near.map(([volts, density]) => [volts - origin, density]));
  // This form of the root stays exact for a straight curve, such as that of a short.
  return origin + (2 * constant) / (Math.sqrt(slope ** 2 - 4 * constant * bend) - slope);
}

/** Maximum power point between short and open circuit; a scan of noise, or in the dark, has none. */
function maximumPower(points: readonly JvPoint[], voc: number): { volts: number; power: number } {
  const powers: JvPoint[] = points.map(([volts, density]) => [volts, volts * density]);
  const peak = powers.reduce((best, [, power], i) => (power > (powers[best]?.[1] ?? 0) ? i : best), -1);
  const none = { volts: Number.NaN, power: Number.NaN };
  if (peak < 1 || peak > powers.length - 2) return none;
  const [constant, slope, bend] = parabola(powers.slice(Math.max(0, peak - 2), peak + 3));
  const volts = -slope / (2 * bend);
  const power = constant + (slope * volts) / 2;
  return bend < 0 && volts > 0 && volts < voc && power > 0 ? { volts, power } : none;
}

/** −dV/dI in Ω from the points within the window around a voltage. */
function resistance(points: readonly JvPoint[], volts: number, area: number): number {
  const range = (points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0);
  const near = points.filter(([v]) => Math.abs(v - volts) <= (SLOPE_WINDOW / 2) * range);
  const meanV = mean(near.map(([v]) => v));
  const meanJ = mean(near.map(([, j]) => j));
  const dVdV = mean(near.map(([v]) => (v - meanV) ** 2));
  const dVdJ = mean(near.map(([v, j]) => (v - meanV) * (j - meanJ)));
  return near.length < 3 ? Number.NaN : (-1000 * dVdV) / (dVdJ * area);
}

/** Least squares y = c0 + c1·x + c2·x²; NaN with fewer than three points. */
function parabola(points: readonly JvPoint[]): [number, number, number] {
  const centre = mean(points.map(([x]) => x));
  const scale = Math.max(...points.map(([x]) => Math.abs(x - centre)));
  const moment = (power: number): number => mean(points.map(([x]) => ((x - centre) / scale) ** power));
  const product = (power: number): number =>
    mean(points.map(([x, y]) => y * ((x - centre) / scale) ** power));
  const [m2, m3, m4] = [moment(2), moment(3), moment(4)];
  const [y0, y1, y2] = [product(0), product(1), product(2)];
  // The normal equations with the first moment zero.
  const determinant = m2 * (m4 - m2 * m2) - m3 * m3;
  if (points.length < 3 || determinant <= 0) return [Number.NaN, Number.NaN, Number.NaN];
  const c2 = (m2 * (y2 - m2 * y0) - m3 * y1) / determinant / scale ** 2;
  const c1 = (y1 - m3 * c2 * scale ** 2) / m2 / scale;
  const c0 = y0 - m2 * c2 * scale ** 2;
  return [c0 - c1 * centre + c2 * centre ** 2, c1 - 2 * c2 * centre, c2];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
