import { InputError } from '../../errors.ts';
import { directionOf, findColumn, type Scan } from '../../science/dataset.ts';
import { interpolate } from '../../science/interpolate.ts';
import {
  type Chart,
  type ChartAxis,
  type ChartPoint,
  type Curve,
  type Entry,
  type Mark,
  MOST_ROWS,
  type Part,
  thin,
} from './chart.ts';
import { decimals } from './format-number.ts';
import { curveOf, known, mapY } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

/** mA/cm²: less at 0 V is no photocurrent. */
const PHOTOCURRENT = 0.1;
/** Of the photocurrent: what flows beyond Voc would press the curve flat. */
const BEYOND_VOC = 0.5;
const MOST_SCANS = 24;
const VOLTAGE: ChartAxis = { name: 'Voltage', unit: 'V', scale: 'linear' };
const FIGURES = [
  ['voc', 3],
  ['jsc', 2],
  ['fill_factor', 1],
  ['efficiency', 2],
] as const;
const HEADS = ['Voc (V)', 'Jsc (mA/cm²)', 'FF (%)', 'PCE (%)'];

interface Sweep {
  part: number;
  name: string;
  /** Forward and reverse of one device are a pair, and share a colour. */
  pair: string;
  scan: Scan;
  points: ChartPoint[];
  cells: string[];
}

/** Current density over voltage, as for a solar cell: forward solid, reverse dashed, the maximum power point marked. */
export function jvChart(parts: readonly Part[]): Chart {
  const axis = currentAxis(parts);
  const sweeps = sweepsOf(parts, axis);
  const lit = axis.unit !== 'A' && sweeps.some(({ points }) => atZero(points) > PHOTOCURRENT);
  const photocurrent = Math.max(0, ...sweeps.map(({ points }) => atZero(points)));
  const lowest = lit ? -BEYOND_VOC * photocurrent : undefined;
  const below =
    lowest !== undefined && sweeps.some(({ points }) => known(points).some(([, j]) => j < 2 * lowest));
  const chart = compose(parts, sweeps, {
    left: { ...axis, scale: 'linear', floor: below ? lowest : undefined },
    figures: lit,
    mark: lit ? maximumPower : () => [],
  });
  return {
    ...chart,
    zeroLines: true,
    notes: [
      ...chart.notes,
      ...(below
        ? [`currents far beyond Voc are outside of the picture, which ends at −${BEYOND_VOC} Jsc`]
        : []),
    ],
  };
}

/** Magnitude of the current over voltage, logarithmic. */
export function logJvChart(parts: readonly Part[]): Chart {
  const axis = currentAxis(parts);
  const sweeps = sweepsOf(parts, axis).map((sweep) => ({ ...sweep, points: mapY(sweep.points, Math.abs) }));
  return compose(parts, sweeps, {
    left: { ...axis, name: `|${axis.name}|`, scale: 'log' },
    figures: false,
    mark: () => [],
  });
}

/** mA/cm² where every measurement has current densities or an area, else A. */
function currentAxis(parts: readonly Part[]): ChartAxis {
  const has = (name: string, { source }: Part): boolean =>
    source.dataset.scans.some((scan) => findColumn(scan, name) !== undefined);
  const measured = parts.filter(({ source }) => source.dataset.scans.some(isSweep));
  const density = measured.every(
    (part) => has('Current density', part) || part.source.dataset.info.areaCm2 !== undefined,
  );
  if (density) return { name: 'Current density', unit: 'mA/cm²', scale: 'linear' };
  const without = measured.find((part) => !has('Current', part));
  if (without !== undefined)
    throw new InputError(
      `current densities (${without.source.id}) and currents of an unknown area cannot share an axis`,
      { hint: 'Plot them one by one, or name the area with routine_set_info before measuring.' },
    );
  return { name: 'Current', unit: 'A', scale: 'linear' };
}

function sweepsOf(parts: readonly Part[], axis: ChartAxis): Sweep[] {
  return parts.flatMap(({ source, name }, part) => {
    const scans = source.dataset.scans.filter(isSweep).map(directed);
    const seen = { forward: 0, reverse: 0, none: 0 };
    const names = scans.length === 2 ? scans.map(({ direction }) => direction ?? '') : scanNames(scans);
    return scans.flatMap((scan, i): Sweep[] => {
      const points = currentOf(scan, axis, source.dataset.info.areaCm2);
      const turn = seen[scan.direction ?? 'none']++;
      const values = FIGURES.map(
        ([figure, digits]) =>
          [source.metrics.filter((metric) => metric.name === figure)[i]?.value ?? undefined, digits] as const,
      );
      if (points === undefined) return [];
      return [
        {
          part,
          name: joined(name, scans.length === 1 ? (scan.direction ?? '') : (names[i] ?? '')),
          pair: `${part} ${turn}`,
          scan,
          points,
          cells: values.map(([value, digits]) => decimals(value, digits)),
        },
      ];
    });
  });
}

/** Tracking has voltages too, over time. */
function isSweep(scan: Scan): boolean {
  return findColumn(scan, 'Voltage') !== undefined && findColumn(scan, 'Time') === undefined;
}

function directed(scan: Scan): Scan {
  return { ...scan, direction: scan.direction ?? directionOf(findColumn(scan, 'Voltage')?.values ?? []) };
}

function currentOf(scan: Scan, axis: ChartAxis, areaCm2: number | undefined): ChartPoint[] | undefined {
  if (axis.unit === 'A') return curveOf(scan, ['Voltage', 'Current'], [VOLTAGE, axis]);
  const density = curveOf(scan, ['Voltage', 'Current density'], [VOLTAGE, axis]);
  if (density !== undefined || areaCm2 === undefined) return density;
  const current = curveOf(scan, ['Voltage', 'Current'], [VOLTAGE, { unit: 'mA' }]);
  return current && mapY(current, (milliampere) => milliampere / areaCm2);
}

interface Look {
  left: ChartAxis;
  figures: boolean;
  mark: (points: readonly ChartPoint[]) => Mark[];
}

function compose(parts: readonly Part[], all: readonly Sweep[], { left, figures, mark }: Look): Chart {
  const sweeps = thin(all, MOST_SCANS);
  const pairs = [...new Set(sweeps.map(({ pair }) => pair))];
  const curve = ({ scan, points }: Sweep): Curve => ({
    points,
    line: scan.direction === 'reverse' ? 'dashed' : 'solid',
    symbols: pairs.length > 1 ? 'some' : 'none',
  });
  const bySweep = sweeps.length <= MOST_ROWS;
  const entries = bySweep
    ? sweeps.map(
        (sweep): Entry => ({
          part: sweep.part,
          group: pairs.indexOf(sweep.pair),
          name: sweep.name === '' ? 'scan' : sweep.name,
          ...(figures ? { cells: sweep.cells } : {}),
          curves: [curve(sweep)],
          marks: mark(sweep.points),
        }),
      )
    : pairs.flatMap((pair, group): Entry[] => {
        const own = sweeps.filter((sweep) => sweep.pair === pair);
        const [first] = own;
        if (first === undefined) return [];
        const name = parts.length > 1 ? (parts[first.part]?.name ?? '') : first.name;
        return [
          {
            part: first.part,
            group,
            name,
            curves: own.map(curve),
            marks: own.flatMap((s) => mark(s.points)),
          },
        ];
      });
  const directions = new Set(sweeps.map(({ scan }) => scan.direction));
  const marked = entries.some(({ marks = [] }) => marks.length > 0);
  return {
    x: VOLTAGE,
    left,
    entries,
    ...(figures && bySweep ? { heads: HEADS } : {}),
    key: [
      ...(!bySweep && directions.size > 1 ? ['solid: forward, dashed: reverse'] : []),
      ...(marked ? ['ring: maximum power point'] : []),
    ],
    notes:
      all.length > sweeps.length ? [`${sweeps.length} of ${all.length} scans are shown, evenly spaced`] : [],
  };
}

function atZero(points: readonly ChartPoint[]): number {
  return (
    interpolate(
      known(points).toSorted((a, b) => a[0] - b[0]),
      0,
    ) ?? 0
  );
}

/** The point of the data with the largest power, where the cell generates. */
function maximumPower(points: readonly ChartPoint[]): Mark[] {
  if (atZero(points) <= PHOTOCURRENT) return [];
  const [best] = known(points)
    .filter(([v, j]) => v > 0 && j > 0)
    .toSorted((a, b) => b[0] * b[1] - a[0] * a[1]);
  return best === undefined ? [] : [{ at: best }];
}
