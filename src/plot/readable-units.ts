import type { Chart, ChartAxis, Curve } from './chart.ts';

const PREFIXES = [
  ['p', 1e-12],
  ['n', 1e-9],
  ['µ', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
] as const;
const PREFIXED = new Set(['A', 'A/cm²', 'C', 'F', 's', 'W', 'Ω', 'Ω/□']);

/** Converts the linear axes to units with short numbers: 12 µA instead of 0.000012 A. */
export function withReadableUnits(chart: Chart): Chart {
  const curves = chart.entries.flatMap((entry) => entry.curves);
  const all = (which: (curve: Curve) => boolean, coordinate: 0 | 1): number[] =>
    curves.filter(which).flatMap(({ points }) => points.map((point) => Math.abs(point[coordinate] ?? 0)));
  const x = better(
    chart.x,
    all(() => true, 0),
  );
  const left = better(
    chart.left,
    all(({ axis }) => axis !== 'right', 1),
  );
  // Here one unit has to be as long on both axes.
  if (chart.equalScale === true && left.unit !== x.unit)
    return withBoth(chart, x.factor < left.factor ? left : x);
  const right =
    chart.right &&
    better(
      chart.right,
      all(({ axis }) => axis === 'right', 1),
    );
  return scaled(chart, x, left, right);
}

interface Scaled extends ChartAxis {
  factor: number;
}

function withBoth(chart: Chart, { unit, factor }: Scaled): Chart {
  return scaled(chart, { ...chart.x, unit, factor }, { ...chart.left, unit, factor }, undefined);
}

function scaled(chart: Chart, x: Scaled, left: Scaled, right: Scaled | undefined): Chart {
  const factorOf = ({ axis }: Pick<Curve, 'axis'>): number => (axis === 'right' ? right : left)?.factor ?? 1;
  return {
    ...chart,
    x: axisOf(x),
    left: axisOf(left),
    ...(right === undefined ? {} : { right: axisOf(right) }),
    entries: chart.entries.map((entry) => ({
      ...entry,
      curves: entry.curves.map((curve) => ({
        ...curve,
        points: curve.points.map(
          ([px, py]) =>
            [px === null ? null : px * x.factor, py === null ? null : py * factorOf(curve)] as const,
        ),
      })),
      marks: (entry.marks ?? []).map((mark) => ({
        ...mark,
        at: [mark.at[0] * x.factor, mark.at[1] * left.factor] as const,
      })),
    })),
  };
}

function axisOf({ factor, floor, ...axis }: Scaled): ChartAxis {
  return { ...axis, floor: floor === undefined ? undefined : floor * factor };
}

function better(axis: ChartAxis, values: readonly number[]): Scaled {
  const most = values.reduce((top, value) => Math.max(top, value), 0);
  if (axis.scale === 'log' || !PREFIXED.has(axis.unit) || most === 0) return { ...axis, factor: 1 };
  const [prefix, size] = PREFIXES.findLast(([, candidate]) => most >= candidate) ?? PREFIXES[0];
  return { ...axis, unit: `${prefix}${axis.unit}`, factor: 1 / size };
}
