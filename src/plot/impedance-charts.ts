import { type Chart, type ChartAxis, type Entry, type Part, thin } from './chart.ts';
import { curveOf, mapY } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

const MOST_SCANS = 12;
const FREQUENCY: ChartAxis = { name: 'Frequency', unit: 'Hz', scale: 'log' };

/** −Im Z over Re Z, one curve for each light and offset. */
export function nyquistChart(parts: readonly Part[]): Chart {
  const x: ChartAxis = { name: 'Re Z', unit: 'Ω', scale: 'linear', fromZero: true };
  const left: ChartAxis = { name: '−Im Z', unit: 'Ω', scale: 'linear', fromZero: true };
  const { shown, notes } = scansOf(parts);
  const entries = shown.flatMap(({ part, name, scan }, group): Entry[] => {
    const points = curveOf(scan, ['Re Z', 'Im Z'], [x, left]);
    if (points === undefined) return [];
    return [
      { part, group, name, curves: [{ points: mapY(points, (im) => -im), line: 'solid', symbols: 'all' }] },
    ];
  });
  return { x, left, entries, ordered: parts.length === 1, equalScale: true, notes };
}

/** |Z| and phase over frequency. */
export function bodeChart(parts: readonly Part[]): Chart {
  const left: ChartAxis = { name: '|Z|', unit: 'Ω', scale: 'log' };
  const right: ChartAxis = { name: 'Phase', unit: '°', scale: 'linear' };
  const { shown, notes } = scansOf(parts);
  const entries = shown.flatMap(({ part, name, scan }, group): Entry[] => {
    const magnitude = curveOf(scan, ['Frequency', '|Z|'], [FREQUENCY, left]);
    const phase = curveOf(scan, ['Frequency', 'Phase'], [FREQUENCY, right]);
    if (magnitude === undefined || phase === undefined) return [];
    return [
      {
        part,
        group,
        name,
        curves: [
          { points: magnitude, line: 'solid', symbols: 'all' },
          { points: phase, line: 'dashed', axis: 'right', symbols: 'all' },
        ],
      },
    ];
  });
  return {
    x: FREQUENCY,
    left,
    right,
    entries,
    key: ['solid: |Z|, dashed: phase'],
    ordered: parts.length === 1,
    notes,
  };
}

function scansOf(parts: readonly Part[]) {
  const all = parts.flatMap(({ source, name }, part) => {
    const names = scanNames(source.dataset.scans);
    return source.dataset.scans.map((scan, i) => ({ part, name: joined(name, names[i] ?? ''), scan }));
  });
  const shown = thin(all, MOST_SCANS);
  const notes =
    shown.length < all.length ? [`${shown.length} of ${all.length} scans are shown, evenly spaced`] : [];
  return { shown, notes };
}
