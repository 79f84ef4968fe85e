import * as z from 'zod';
import { InputError } from '../errors.ts';
import { parameters } from '../instrument/command.ts';
import { markdownTable } from '../text/markdown-table.ts';
import { quote } from '../text/quote.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import { type ComparedFigure, compareFigures, isWithinUncertainty } from './compare-figures.ts';
import { defineTool } from './define-tool.ts';
import { fourDigits } from '../figures/describe-metric.ts';
import { idArgument, resolveId } from '../archive/measurement-id.ts';
import { isReadingNote } from '../figures/reading-notes.ts';
import { storedDoubts } from './stored-doubts.ts';
import { unlikeness } from './compare-conditions.ts';

const MAX_FIGURES = 60;
const MAX_UNLIKE = 30;
const numbers = z.array(z.number().nullable());

export const compareMeasurements = defineTool({
  name: 'compare_measurements',
  title: 'Compare stored measurements',
  description:
    'Stored measurements side by side: what differs in settings, conditions, sample; figures with differences from the first. Across routines the same quantity only, e.g. Jsc of JV and IPCE.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({
    ids: z.array(idArgument).min(2).max(10).describe('Compared with the first.'),
  }),
  output: z.strictObject({
    ids: z.array(z.string()),
    unlike: z.array(z.string()).describe('What else differs, in the order of ids.'),
    figures: z.array(
      z.strictObject({
        name: z.string(),
        scan: z.string().nullable(),
        unit: z.string(),
        values: numbers,
        uncertainties: numbers,
        differences: numbers,
        percent: numbers,
      }),
    ),
    simulated: z.boolean().nullable().describe('Of all; null where they differ.'),
  }),
  async run({ ids: asked }, { archive }) {
    const ids = await Promise.all(asked.map((id) => resolveId(archive, id)));
    const repeated = ids.find((id, i) => ids.indexOf(id) !== i);
    if (repeated !== undefined) {
      throw new InputError(`${quote(repeated)} is named twice`, {
        hint: 'Name different measurements; list_measurements shows them.',
      });
    }
    const stored = await Promise.all(ids.map((id) => archive.read(id)));
    const records = stored.map(({ record }) => record);
    const figures = compareFigures(records);
    requireCommon(records, figures);
    const unlike = unlikeness(stored);
    const shown = figures.slice(0, MAX_FIGURES);
    const left = figures.length - shown.length;
    const leftUnlike = unlike.length - MAX_UNLIKE;
    const marks = new Set(records.map(({ simulated }) => simulated));
    return {
      text: [
        ...stored.map(({ record }, i) => `#${i + 1} ${describe(record)}`),
        ...stored.flatMap(storedDoubts).map((doubt) => `Note: ${doubt}`),
        unlike.length === 0
          ? 'Settings, conditions and sample are the same.'
          : `NOT ALIKE, in the order of the measurements:\n${unlike.slice(0, MAX_UNLIKE).join('\n')}`,
        ...(leftUnlike > 0 ? [`and ${leftUnlike} more differences`] : []),
        figures.length === 0 ? 'None of them has figures.' : table(shown, records.length),
        ...(left > 0 ? [`and ${left} more figures`] : []),
      ].join('\n'),
      structured: {
        ids,
        unlike: unlike.slice(0, MAX_UNLIKE),
        figures: shown,
        simulated: marks.size > 1 ? null : marks.has(true),
      },
    };
  },
});

function describe({ id, routine, device_name: device, simulated, warnings }: MeasurementRecord): string {
  const doubts = warnings.filter((warning) => !isReadingNote(warning)).length;
  const parts = [
    id,
    routine,
    ...(device === null ? [] : [quote(device)]),
    ...(simulated ? ['SIMULATED'] : []),
    ...(doubts === 0 ? [] : [`${doubts} warning${doubts === 1 ? '' : 's'}, see get_measurement`]),
  ];
  return parts.join(', ');
}

/** Different routines have to have something in common with the first. */
function requireCommon(records: readonly MeasurementRecord[], figures: readonly ComparedFigure[]): void {
  const [first] = records;
  const stranger = records.find(
    ({ routine }, i) => routine !== first?.routine && figures.every(({ values }) => values[i] === null),
  );
  if (first === undefined || stranger === undefined) return;
  throw new InputError(
    `${stranger.routine} ${stranger.id} and ${first.routine} ${first.id} have no figure in common`,
    { hint: 'Compare measurements of one routine, or plot_measurements.' },
  );
}

function table(figures: readonly ComparedFigure[], count: number): string {
  return markdownTable(
    ['figure', ...Array.from({ length: count }, (_, i) => `#${i + 1}`)],
    figures.map((figure) => [title(figure), ...figure.values.map((_, i) => cell(figure, i))]),
  );
}

function title({ name, scan, unit }: ComparedFigure): string {
  return [name, ...(scan === null ? [] : [quote(scan)]), ...(unit === '' ? [] : [`(${unit})`])].join(' ');
}

/** `1.05 (−0.03, −2.8 %)`, or `3500 ± 860 (+1650, +89.2 %, within uncertainty)`. */
function cell(figure: ComparedFigure, i: number): string {
  const [value, uncertainty] = [figure.values[i] ?? null, figure.uncertainties[i] ?? null];
  if (value === null) return '–';
  const told =
    uncertainty === null
      ? fourDigits(value)
      : `${fourDigits(value)} ± ${String(Number(uncertainty.toPrecision(2)))}`;
  const [difference, percent] = [figure.differences[i] ?? null, figure.percent[i] ?? null];
  if (i === 0 || difference === null) return told;
  const share = percent === null ? '' : `, ${signed(percent)} %`;
  return `${told} (${signed(difference)}${share}${isWithinUncertainty(figure, i) ? ', within uncertainty' : ''})`;
}

function signed(value: number): string {
  const text = String(Number(Math.abs(value).toPrecision(3)));
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${text}`;
}
