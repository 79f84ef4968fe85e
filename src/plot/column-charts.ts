import { type Column, findColumn, type Scan } from '../science/dataset.ts';
import type { Chart, ChartAxis, Curve, Entry, Part } from './chart.ts';
import { thin } from './chart.ts';
import { known, pointsOf } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

const MOST_SCANS = 12;
/** A range of currents beyond this factor is drawn in decades. */
const DECADES = 30;

/** Sheet resistance over current: constant if the contacts are ohmic. */
export function sheetResistanceChart(parts: readonly Part[]): Chart {
  const has = (name: string): boolean =>
    parts.every(({ source }) => source.dataset.scans.some((scan) => findColumn(scan, name) !== undefined));
  const y = has('Corrected sheet resistance') ? 'Corrected sheet resistance' : 'Sheet resistance';
  const chart = columnChart(parts, 'Current', y);
  const currents = chart.entries
    .flatMap(({ curves }) => curves.flatMap(({ points }) => known(points)))
    .map(([current]) => Math.abs(current));
  const wide = Math.min(...currents) > 0 && Math.max(...currents) > DECADES * Math.min(...currents);
  return { ...chart, x: { ...chart.x, scale: wide ? 'log' : 'linear' } };
}

/** Current over voltage, point by point. */
export function contactChart(parts: readonly Part[]): Chart {
  return { ...columnChart(parts, 'Voltage', 'Current'), zeroLines: true };
}

/** The second column over the first, for all scans that have both. */
export function genericChart(parts: readonly Part[]): Chart {
  const [first] = parts.flatMap(({ source }) =>
    source.dataset.scans.filter(({ columns }) => columns.length > 1),
  );
  const [x, y] = first?.columns ?? [];
  return columnChart(parts, x?.name ?? '', y?.name ?? '');
}

function columnChart(parts: readonly Part[], xName: string, yName: string): Chart {
  const all = parts.flatMap(({ source, name }, part) => {
    const scans = source.dataset.scans.flatMap((scan) => {
      const [x, y] = [findColumn(scan, xName), findColumn(scan, yName)];
      return x === undefined || y === undefined ? [] : [{ scan, x, y }];
    });
    // Scans of single points form one curve.
    const live = scans.every(({ x }) => x.values.length <= 1);
    const names = scanNames(scans.map(({ scan }): Scan => scan));
    return live && scans.length > 0
      ? [{ part, name, tables: scans }]
      : scans.map((table, i) => ({ part, name: joined(name, names[i] ?? ''), tables: [table] }));
  });
  const shown = thin(all, MOST_SCANS);
  const [first] = shown.flatMap(({ tables }) => tables);
  const axis = (column: Column | undefined, name: string): ChartAxis => ({
    name,
    unit: column?.unit ?? '',
    scale: 'linear',
  });
  const [x, left] = [axis(first?.x, xName), axis(first?.y, yName)];
  const curve = (points: Curve['points']): Curve => ({
    points,
    line: 'solid',
    symbols: shown.length > 1 || points.length <= 40 ? 'all' : 'none',
  });
  return {
    x,
    left,
    entries: shown.map(
      ({ part, name, tables }, group): Entry => ({
        part,
        group,
        name,
        curves: [curve(tables.flatMap((table) => pointsOf(table.x, table.y, [x, left])))],
      }),
    ),
    notes:
      shown.length < all.length ? [`${shown.length} of ${all.length} scans are shown, evenly spaced`] : [],
  };
}
