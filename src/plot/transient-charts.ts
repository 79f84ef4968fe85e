import { InputError } from '../errors.ts';
import { findColumn, type Scan } from '../science/dataset.ts';
import { findDecay } from '../science/metrics/decay.ts';
import { type Chart, type ChartAxis, type Entry, figureOf, type Part, thin } from './chart.ts';
import { decimals, significant } from './format-number.ts';
import { curveOf, known, mapY } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

const TIME: ChartAxis = { name: 'Time', unit: 'µs', scale: 'linear' };
const MOST_TRACES = 12;

/** The transient of each light level: photovoltage above its base, logarithmic, or photocurrent. */
export function transientChart(parts: readonly Part[]): Chart {
  const [first, ...others] = parts.filter(({ source }) => source.dataset.scans.length > 0).map(quantityOf);
  if (others.some((quantity) => quantity !== first))
    throw new InputError('photovoltage and photocurrent transients cannot share an axis', {
      hint: 'Plot the TPV and the TPC measurements apart.',
    });
  const traces = tracesOf(parts);
  const shown = thin(traces, MOST_TRACES);
  const notes =
    shown.length < traces.length
      ? [`${shown.length} of ${traces.length} traces are shown, evenly spaced`]
      : [];
  const common = { x: TIME, ordered: parts.length === 1, notes };
  return first === 'current' ? photocurrents(shown, common) : photovoltages(shown, common);
}

type Trace = ReturnType<typeof tracesOf>[number];
type Common = Pick<Chart, 'x' | 'ordered' | 'notes'>;

function photovoltages(traces: readonly Trace[], common: Common): Chart {
  const left: ChartAxis = { name: 'ΔV', unit: 'mV', scale: 'log' };
  const drawn = traces.flatMap((trace, group) => {
    const points = curveOf(trace.scan, ['Time', 'Voltage'], [TIME, left]);
    const decay = findDecay(known(points ?? []).map(([, value]) => value));
    if (points === undefined || decay === undefined) return [];
    const { base, step, noise } = decay;
    const entry: Entry = {
      ...entryOf(trace, group),
      cells: [decimals(trace.figure('voc'), 3), significant(trace.figure('lifetime'), 3)],
      curves: [
        { points: mapY(points, (value) => (value - base) * Math.sign(step)), line: 'solid', symbols: 'some' },
      ],
    };
    return [{ entry, floor: Math.max(noise, Math.abs(step) / 1e5) }];
  });
  return {
    ...common,
    left: { ...left, floor: Math.min(...drawn.map(({ floor }) => floor)) },
    entries: drawn.map(({ entry }) => entry),
    heads: ['Voc (V)', 'lifetime (µs)'],
    key: ['ΔV: above the base, the median of the last tenth'],
  };
}

function photocurrents(traces: readonly Trace[], common: Common): Chart {
  const left: ChartAxis = { name: 'Current', unit: 'A', scale: 'linear' };
  return {
    ...common,
    left,
    entries: traces.flatMap((trace, group): Entry[] => {
      const points = curveOf(trace.scan, ['Time', 'Current'], [TIME, left]);
      if (points === undefined) return [];
      return [
        {
          ...entryOf(trace, group),
          cells: [significant(trace.figure('charge'), 3), significant(trace.figure('decay_time'), 3)],
          curves: [{ points, line: 'solid', symbols: 'some' }],
        },
      ];
    }),
    heads: ['charge (nC)', 'decay time (µs)'],
  };
}

/** Recombination lifetime over open-circuit voltage, logarithmic: a line if one process dominates. */
export function lifetimeChart(parts: readonly Part[]): Chart {
  return {
    x: { name: 'Voc', unit: 'V', scale: 'linear' },
    left: { name: 'Lifetime', unit: 'µs', scale: 'log' },
    entries: parts.map(({ source, name }, part): Entry => {
      const points = source.dataset.scans.flatMap(({ label }) => {
        const [voc, lifetime] = ['voc', 'lifetime'].map((figure) => figureOf(source.metrics, figure, label));
        return voc === undefined || lifetime === undefined ? [] : [[voc, lifetime] as const];
      });
      return { part, group: part, name, curves: [{ points, line: 'dotted', symbols: 'all' }] };
    }),
    notes: [],
  };
}

function tracesOf(parts: readonly Part[]) {
  return parts.flatMap(({ source, name }, part) => {
    const scans = source.dataset.scans.filter((scan) => findColumn(scan, 'Time') !== undefined);
    const names = scanNames(scans);
    return scans.map((scan: Scan, i) => ({
      part,
      scan,
      name: joined(name, names[i] ?? ''),
      figure: (figure: string): number | undefined => figureOf(source.metrics, figure, scan.label),
    }));
  });
}

function entryOf({ part, name }: Trace, group: number): Pick<Entry, 'part' | 'group' | 'name'> {
  return { part, group, name: name === '' ? 'transient' : name };
}

/** Quantity that the instrument's table, the settings or the figures name. */
function quantityOf({ source }: Part): 'voltage' | 'current' {
  const { dataset, settings, metrics } = source;
  const columns = dataset.scans.flatMap((scan) => scan.columns.map(({ name }) => name));
  if (columns.includes('Recombination Time')) return 'voltage';
  if (columns.includes('Charge') || settings?.['test'] === 'TPC') return 'current';
  return metrics.some(({ name }) => name === 'charge') ? 'current' : 'voltage';
}
