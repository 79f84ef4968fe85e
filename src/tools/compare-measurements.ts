import * as z from 'zod';
import { InputError } from '../errors.ts';
import { parameters } from '../instrument/command.ts';
import { markdownTable } from '../text/markdown-table.ts';
import { quote } from '../text/quote.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import { type ComparedFigure, compareFigures, isWithinUncertainty } from './compare-figures.ts';
import { answerForm } from './answer/answer-form.ts';
import type { Telling } from './answer/fact.ts';
import { each, flag, quoted, sentences, word } from './answer/tellings.ts';
import { defineTool } from './define-tool.ts';
import { roundFigure } from '../figures/digits.ts';
import { idArgument, resolveId } from '../archive/measurement-id.ts';
import { splitRemarks } from '../figures/remarks.ts';
import { storedDoubts } from './stored-doubts.ts';
import { unlikeness } from './compare-conditions.ts';

const MAX_FIGURES = 60;
const MAX_UNLIKE = 30;
const numbers = z.array(z.number().nullable());
const comparedFigure = z.strictObject({
  name: z.string(),
  scan: z.string().nullable(),
  unit: z.string(),
  values: numbers,
  uncertainties: numbers,
  differences: numbers,
  percent: numbers,
  within_2_sigma: z
    .array(z.boolean().nullable())
    .describe('Whether the difference is within 2 standard deviations; null where none are known.'),
});
type ToldFigure = z.output<typeof comparedFigure>;

/** A table: a row for each figure, a column for each measurement. */
const figureTable: Telling<readonly ToldFigure[]> = {
  tell: (_, figures) => ({
    value: figures,
    lines:
      figures.length === 0
        ? []
        : markdownTable(
            ['figure', ...(figures[0]?.values ?? []).map((__, i) => `#${i + 1}`)],
            figures.map((figure) => [title(figure), ...figure.values.map((__, i) => cell(figure, i))]),
          ).split('\n'),
  }),
};

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
  output: answerForm(
    {
      measurements: z.array(
        z.strictObject({
          number: z.number(),
          id: z.string(),
          routine: z.string(),
          device: z.string().nullable(),
          simulated: z.boolean(),
          warnings: z.number().describe('How many; get_measurement has them.'),
        }),
      ),
      unlike: z.array(z.string()).describe('What else differs, in the order of measurements.'),
      figures: z.array(comparedFigure),
    },
    {
      measurements: each({
        number: word({ label: '#' }),
        id: word({ label: '' }),
        routine: word({ label: '' }),
        device: quoted({ label: '' }),
        simulated: flag('SIMULATED'),
        warnings: word(),
      }),
      unlike: sentences('Unlike'),
      figures: figureTable,
    },
  ),
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
    const left = figures.length - MAX_FIGURES;
    const leftUnlike = unlike.length - MAX_UNLIKE;
    const marks = new Set(records.map(({ simulated }) => simulated));
    return {
      said: {
        measurements: records.map(({ id, routine, device_name: device, simulated, warnings }, i) => ({
          number: i + 1,
          id,
          routine,
          device,
          simulated,
          warnings: splitRemarks(warnings).warnings.length,
        })),
        unlike: unlike.slice(0, MAX_UNLIKE),
        figures: figures.slice(0, MAX_FIGURES).map(rounded),
        warnings: stored.flatMap(storedDoubts),
        notes: [
          ...(unlike.length === 0 ? ['settings, conditions and sample are the same'] : []),
          ...(leftUnlike > 0 ? [`${leftUnlike} more differences`] : []),
          ...(figures.length === 0 ? ['none of them has figures'] : []),
          ...(left > 0 ? [`${left} more figures`] : []),
        ],
        simulated: marks.size > 1 ? null : marks.has(true),
      },
    };
  },
});

/** Different routines have to have something in common. */
function requireCommon(records: readonly MeasurementRecord[], figures: readonly ComparedFigure[]): void {
  const [first] = records;
  const stranger = records.find(
    ({ routine }, i) => routine !== first?.routine && figures.every(({ values }) => values[i] === null),
  );
  if (first === undefined || stranger === undefined) return;
  throw new InputError(
    `${stranger.routine} ${stranger.id} and ${first.routine} ${first.id} have no figure in common`,
    { hint: 'Compare measurements of one routine, or read each with get_measurement.' },
  );
}

/** Every number to the digits that are told. */
function rounded(figure: ComparedFigure): ToldFigure {
  const { name, scan, unit, values, uncertainties, differences, percent } = figure;
  const shown = values.map((value, i) => roundFigure(name, value, uncertainties[i]));
  return {
    name,
    scan,
    unit,
    values: shown.map(({ value }) => value),
    uncertainties: shown.map(({ uncertainty }) => uncertainty ?? null),
    differences: differences.map((difference, i) =>
      difference === null ? null : (shown[i]?.also(difference).value ?? null),
    ),
    percent: percent.map((share) => roundFigure('percent', share).value),
    within_2_sigma: values.map((_, i) => isWithinUncertainty(figure, i)),
  };
}

function title({ name, scan, unit }: ToldFigure): string {
  return [name, ...(scan === null ? [] : [quote(scan)]), ...(unit === '' ? [] : [`(${unit})`])].join(' ');
}

/** `1.05 (−0.03, −2.8 %)`, or `3500 ± 860 (+1650, +89 %, within 2 σ)`. */
function cell(figure: ToldFigure, i: number): string {
  const { name } = figure;
  const value = figure.values[i] ?? null;
  if (value === null) return '–';
  const shown = roundFigure(name, value, figure.uncertainties[i]);
  const [difference, percent] = [figure.differences[i] ?? null, figure.percent[i] ?? null];
  if (i === 0 || difference === null) return shown.text;
  const parts = [
    signed(difference, shown.also(Math.abs(difference)).text),
    ...(percent === null ? [] : [`${signed(percent, roundFigure('percent', Math.abs(percent)).text)} %`]),
    ...told(figure.within_2_sigma[i]),
  ];
  return `${shown.text} (${parts.join(', ')})`;
}

function told(within: boolean | null | undefined): string[] {
  if (within === null || within === undefined) return [];
  return [within ? 'within 2 σ' : 'beyond 2 σ'];
}

function signed(value: number, text: string): string {
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${text}`;
}
