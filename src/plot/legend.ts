import { type Chart, type Curve, type Entry, MOST_ROWS } from './chart.ts';
import { fitText, textWidth } from './text-width.ts';

export const FONT_SIZE = 14;
export const LINE_HEIGHT = 22;
const SAMPLE = 46;
const GAP = 24;

interface LegendText {
  x: number;
  /** Line number, counted from the top of the legend. */
  line: number;
  text: string;
  align: 'left' | 'right';
  weak?: boolean;
}

/** A piece of line with its symbol. */
export interface LegendSample {
  x: number;
  line: number;
  group: Entry['group'];
  curve: Curve;
}

export interface Legend {
  lines: number;
  texts: LegendText[];
  samples: LegendSample[];
}

/**
 * Lays out the legend below the picture, in `width` px: figures in columns, or names side by side, and the key.
 */
export function legendOf(chart: Chart, width: number): Legend {
  const named = chart.entries.filter(({ name }) => name !== '');
  const { heads = [], key = [] } = chart;
  const hasFigures =
    named.length <= MOST_ROWS && named.some(({ cells = [] }) => cells.some((cell) => cell !== '–'));
  const body = hasFigures ? table(named, heads, width) : grid(named, width);
  const keyText = fitText(key.join('  ·  '), FONT_SIZE, width);
  if (keyText === '') return body;
  return {
    ...body,
    lines: body.lines + 1,
    texts: [...body.texts, { x: 0, line: body.lines, text: keyText, align: 'left', weak: true }],
  };
}

function sampleOf({ group, curves }: Entry, x: number, line: number): LegendSample[] {
  const [curve] = curves;
  return curve === undefined ? [] : [{ x, line, group, curve }];
}

function table(entries: readonly Entry[], heads: readonly string[], width: number): Legend {
  const used = heads.flatMap((head, i) =>
    entries.some(({ cells = [] }) => (cells[i] ?? '–') !== '–') ? [{ head, i }] : [],
  );
  const widths = used.map(({ head, i }) =>
    Math.max(
      ...[head, ...entries.map(({ cells = [] }) => cells[i] ?? '')].map((text) => textWidth(text, FONT_SIZE)),
    ),
  );
  const figures = widths.reduce((sum, one) => sum + one + GAP, 0);
  const names = entries.map(({ name }) => fitText(name, FONT_SIZE, width - SAMPLE - figures));
  const first = SAMPLE + Math.max(...names.map((name) => textWidth(name, FONT_SIZE)));
  const ends = widths.map((_, i) => first + widths.slice(0, i + 1).reduce((sum, one) => sum + one + GAP, 0));
  const row = (texts: readonly string[], line: number, weak: boolean): LegendText[] =>
    texts.map((text, i) => ({ x: ends[i] ?? width, line, text, align: 'right', weak }));
  return {
    lines: entries.length + 1,
    samples: entries.flatMap((entry, i) => sampleOf(entry, 0, i + 1)),
    texts: [
      ...row(
        used.map(({ head }) => head),
        0,
        true,
      ),
      ...entries.flatMap(({ cells = [] }, i): LegendText[] => [
        { x: SAMPLE, line: i + 1, text: names[i] ?? '', align: 'left' },
        ...row(
          used.map((column) => cells[column.i] ?? ''),
          i + 1,
          false,
        ),
      ]),
    ],
  };
}

function grid(entries: readonly Entry[], width: number): Legend {
  if (entries.length === 0) return { lines: 0, texts: [], samples: [] };
  const longest = Math.max(...entries.map(({ name }) => textWidth(name, FONT_SIZE)));
  const columns = Math.max(1, Math.min(entries.length, Math.floor((width + GAP) / (SAMPLE + longest + GAP))));
  const lines = Math.ceil(entries.length / columns);
  const step = (width + GAP) / columns;
  const at = (i: number): { x: number; line: number } => ({
    x: Math.floor(i / lines) * step,
    line: i % lines,
  });
  return {
    lines,
    samples: entries.flatMap((entry, i) => sampleOf(entry, at(i).x, at(i).line)),
    texts: entries.map(({ name }, i) => ({
      x: at(i).x + SAMPLE,
      line: at(i).line,
      text: fitText(name, FONT_SIZE, step - GAP - SAMPLE),
      align: 'left',
    })),
  };
}
