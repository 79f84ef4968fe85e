import { interpolate } from '../science/interpolate.ts';
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
import { currentAxis, type Sweep, sweepsOf, VOLTAGE } from './jv-sweeps.ts';
import { known, mapY } from './read-curve.ts';

/** mA/cm²: a smaller current at 0 V is no photocurrent. */
const PHOTOCURRENT = 0.1;
/** Shown current beyond Voc, relative to the photocurrent: more would press the curve flat. */
const BEYOND_VOC = 0.5;
const MOST_SCANS = 24;
const HEADS = ['Voc (V)', 'Jsc (mA/cm²)', 'FF (%)', 'PCE (%)'];

/**
 * Current density over voltage, as for a solar cell: forward solid, reverse dashed, the maximum power point
 * marked.
 */
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

/** The point of the data with the largest power, within the range in which the cell generates. */
function maximumPower(points: readonly ChartPoint[]): Mark[] {
  if (atZero(points) <= PHOTOCURRENT) return [];
  const [best] = known(points)
    .filter(([v, j]) => v > 0 && j > 0)
    .toSorted((a, b) => b[0] * b[1] - a[0] * a[1]);
  return best === undefined ? [] : [{ at: best }];
}
