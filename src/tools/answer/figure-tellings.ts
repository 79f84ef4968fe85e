import * as z from 'zod';
import { roundFigure } from '../../figures/digits.ts';
import type { Metric } from '../../science/metrics/metric.ts';
import type { Telling } from './fact.ts';

const byScan = z.record(z.string(), z.number().nullable());
const details = {
  uncertainties: byScan.optional().describe('One standard deviation.'),
  words: z.record(z.string(), z.string()).optional().describe('Meanings of the values.'),
  left_out: z.number().optional().describe('Further scans.'),
};
const figure = z.strictObject({
  name: z.string(),
  unit: z.string(),
  values: byScan.describe('By scan; "all" for the whole.'),
  ...details,
});
const sourcedFigure = figure.extend({
  reported: byScan.optional().describe("The instrument's own."),
  method: z.string(),
});

/** Figures of an answer, those of one name together. */
export const figures = z.array(figure);
/** The same with what they can be held against: the instrument's own values, and how ours are computed. */
export const sourcedFigures = z.array(sourcedFigure);
type Figure = z.output<typeof figure>;
type SourcedFigure = z.output<typeof sourcedFigure>;

/** For a figure that belongs to no scan, or where all belong to one. */
const WHOLE = 'all';

/** Figures of one name together, a value for each scan, rounded to the digits that are told. */
export function groupFigures(metrics: readonly Metric[], mostScans: number): Figure[] {
  return groups(metrics).map(({ name, unit, all }) => {
    const shown = all.slice(0, mostScans);
    const left = all.length - shown.length;
    const rounded = shown.map(({ scan, metric }) => ({
      scan,
      ...roundFigure(name, metric.value, metric.uncertainty),
    }));
    return {
      name,
      unit,
      values: Object.fromEntries(rounded.map(({ scan, value }) => [scan, value])),
      uncertainties: knownOf(rounded, ({ uncertainty }) => uncertainty),
      words: knownOf(shown, ({ metric }) => metric.words),
      left_out: left === 0 ? undefined : left,
    };
  });
}

/** The same with the instrument's own values and the methods. */
export function groupSourcedFigures(metrics: readonly Metric[], mostScans: number): SourcedFigure[] {
  const grouped = groups(metrics);
  return groupFigures(metrics, mostScans).map((group, i) => {
    const all = grouped[i]?.all ?? [];
    return {
      ...group,
      reported: knownOf(all.slice(0, mostScans), ({ metric: { name, value, uncertainty, reported } }) =>
        reported === undefined ? undefined : roundFigure(name, value, uncertainty).also(reported).value,
      ),
      method: [...new Set(all.map(({ metric }) => metric.method))].join('; or '),
    };
  });
}

/** `r_shunt: forward 2410 ± 510, reverse 1720 ± 250 Ω·cm²`, a line for each figure. */
export const figuresTelling: Telling<readonly Figure[]> = {
  tell: (_, value) => ({ value, lines: value.map((group) => describeGroup(group)) }),
};

/** `voc: forward 1.0960 V (instrument 1.0961); linear interpolation at J = 0`, a line for each figure. */
export const sourcedFiguresTelling: Telling<readonly SourcedFigure[]> = {
  tell: (_, value) => ({
    value,
    lines: value.map((group) => `${describeGroup(group, group.reported)}; ${group.method}`),
  }),
};

function describeGroup(
  { name, unit, values, uncertainties = {}, words = {}, left_out: left }: Figure,
  reported: Readonly<Record<string, number | null>> = {},
): string {
  const told = Object.entries(values).map(([scan, value]) => {
    const { text, also } = roundFigure(name, value, uncertainties[scan]);
    const own = reported[scan] ?? undefined;
    const remarks = [
      ...(words[scan] === undefined ? [] : [words[scan]]),
      ...(own === undefined ? [] : [`instrument ${also(own).text}`]),
    ];
    return `${scan === WHOLE ? '' : `${scan} `}${text}${remarks.length === 0 ? '' : ` (${remarks.join('; ')})`}`;
  });
  const isKnown = Object.values(values).some((value) => value !== null);
  const inUnit = unit === '' ? '' : isKnown ? ` ${unit}` : ` (${unit})`;
  return `${name}: ${told.join(', ')}${inUnit}${left === undefined ? '' : ` and ${left} more`}`;
}

interface Group {
  name: string;
  unit: string;
  all: { scan: string; metric: Metric }[];
}

function groups(metrics: readonly Metric[]): Group[] {
  const found = new Map<string, Group>();
  // A label that all of them have tells nothing.
  const labels = new Set(metrics.map(({ scan }) => scan));
  for (const metric of metrics) {
    const { name, unit, scan } = metric;
    const group = found.get(name) ?? { name, unit, all: [] };
    found.set(name, group);
    const label = labels.size === 1 || scan === undefined ? WHOLE : labelOf(scan);
    const alike = group.all.filter(({ metric: other }) => other.scan === scan).length;
    group.all.push({ scan: alike === 0 ? label : `${label} #${alike + 1}`, metric });
  }
  return [...found.values()];
}

/** Labels are the instrument's words: only their letters, digits and signs. */
function labelOf(scan: string): string {
  return scan.replaceAll(/[^\p{L}\p{N} .,:()+/°%_-]/gu, '').slice(0, 30) || 'scan';
}

/** Collects what is known of each scan; undefined where nothing is. */
function knownOf<T extends { scan: string }, V>(
  scans: readonly T[],
  read: (scan: T) => V | undefined,
): Record<string, V> | undefined {
  const known = scans.flatMap((one) => {
    const value = read(one);
    return value === undefined ? [] : [[one.scan, value] as const];
  });
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
