import { findColumn, type Scan } from '../dataset.ts';
import type { Metric } from './metric.ts';
import { findPulse, usedBins } from './tcspc-pulse.ts';

/** Points of a fitted decay: ns, and expected counts per bin. */
export type DecayCurve = readonly (readonly [ns: number, counts: number])[];

/**
 * Computes the decay that the figures of a histogram (`background`, `tau_mono` or `tau_1`, `tau_2` and
 * `amplitude_1`) describe, over the bins after the pulse. Its height, which is no figure, is chosen to give the
 * total of the counts. Undefined without a fit.
 */
export function fittedDecay(scan: Scan, metrics: readonly Metric[]): DecayCurve | undefined {
  const figure = (name: string): number | undefined =>
    metrics.find((one) => one.name === name && (one.scan ?? scan.label) === scan.label)?.value ?? undefined;
  const background = figure('background');
  const components = componentsOf(figure);
  const times = (findColumn(scan, 'Time')?.values ?? []).filter((time) => time !== null);
  const [first, last] = [times[0], times.at(-1)];
  if (background === undefined || components === undefined) return undefined;
  if (first === undefined || last === undefined || last <= first) return undefined;
  const resolution = (last - first) / (times.length - 1);
  const all = (findColumn(scan, 'Counts')?.values ?? []).map((count) => count ?? 0);
  const counts = usedBins(all, resolution, scan.conditions['sync_rate']?.value ?? undefined);
  const pulse = findPulse(counts);
  if (pulse === undefined) return undefined;

  // Same beginning as in the fit of the tail: by then the response is over.
  const from = Math.ceil(pulse.peak + pulse.riseWidth) + 1;
  const period = counts.length * resolution;
  // Each decay comes on top of the remainder of the pulses before.
  const shape = counts.slice(from).map((_, i) => {
    const since = (from + i - pulse.rise) * resolution;
    return components.reduce(
      (sum, { share, tau }) => sum + (share * Math.exp(-since / tau)) / -Math.expm1(-period / tau),
      0,
    );
  });
  const total = shape.reduce((sum, value) => sum + value, 0);
  const signal = counts.slice(from).reduce((sum, count) => sum + count - background, 0);
  if (!(total > 0) || !(signal > 0)) return undefined;
  return shape.map((value, i) => [first + (from + i) * resolution, background + (value * signal) / total]);
}

function componentsOf(
  figure: (name: string) => number | undefined,
): readonly { share: number; tau: number }[] | undefined {
  const [fast, slow, percent] = [figure('tau_1'), figure('tau_2'), figure('amplitude_1')];
  if (fast !== undefined && slow !== undefined && percent !== undefined)
    return [
      { share: percent / 100, tau: fast },
      { share: 1 - percent / 100, tau: slow },
    ];
  const mono = figure('tau_mono');
  return mono === undefined ? undefined : [{ share: 1, tau: mono }];
}
