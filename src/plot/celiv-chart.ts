import { interpolate } from '../science/interpolate.ts';
import { type Chart, type ChartAxis, type Entry, figureOf, type Part, thin } from './chart.ts';
import { significant } from './format-number.ts';
import { curveOf, known, mapY } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

const MOST_DELAYS = 12;

/** Extraction current over the time since the ramp began, one curve for each delay, t_max marked. */
export function celivChart(parts: readonly Part[]): Chart {
  const x: ChartAxis = { name: 'Time', unit: 's', scale: 'linear' };
  const left: ChartAxis = { name: 'Extraction current', unit: 'A', scale: 'linear', fromZero: true };
  const all = parts.flatMap(({ source, name }, part) => {
    const { scans } = source.dataset;
    const names = scanNames(scans);
    return scans.map((scan, i) => {
      const label = scans.length > 1 ? scan.label : (names[i] ?? '');
      return { part, scan, name: joined(name, label), metrics: source.metrics };
    });
  });
  const shown = thin(all, MOST_DELAYS);
  return {
    x,
    left,
    entries: shown.flatMap(({ part, scan, name, metrics }, group): Entry[] => {
      const sent = curveOf(scan, ['Time', 'Current'], [x, left]);
      if (sent === undefined) return [];
      const sum = known(sent).reduce((total, [, current]) => total + current, 0);
      // The field draws extraction as positive.
      const points = sum < 0 ? mapY(sent, (current) => -current) : sent;
      const tMax = figureOf(metrics, 't_max', scan.label);
      const height = tMax === undefined ? undefined : interpolate(known(points), tMax);
      return [
        {
          part,
          group,
          name: name === '' ? scan.label : name,
          cells: [
            significant(tMax === undefined ? undefined : tMax * 1e6, 3),
            significant(figureOf(metrics, 'mobility_cm2', scan.label), 3),
          ],
          curves: [{ points, line: 'solid' }],
          marks: tMax === undefined || height === undefined ? [] : [{ at: [tMax, height] }],
        },
      ];
    }),
    heads: ['t_max (µs)', 'mobility (cm²/Vs)'],
    key: ['ring: t_max'],
    ordered: parts.length === 1,
    notes:
      shown.length < all.length ? [`${shown.length} of ${all.length} delays are shown, evenly spaced`] : [],
  };
}
