import type { Spread } from './measure.ts';

/** One line of the results. */
export interface Figure {
  what: string;
  /** Measured value, with unit. */
  ours: string;
  /** Value of the reference, with unit. */
  reference: string;
  figure: Spread;
  unit: '×' | 'ms' | 'tokens';
  /** Upper bound. A line without one is for information. */
  budget?: number;
}

/** A row that could not be measured here, and the reason. */
export interface NotRun {
  what: string;
  notRun: string;
}

export type Row = Figure | NotRun;

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** A spread of one value: for counts, which have no scatter. */
export const exactly = (value: number): Spread => ({ median: value, from: value, to: value, count: 1 });

export function isOver(row: Row): boolean {
  return 'figure' in row && row.budget !== undefined && row.figure.median > row.budget;
}

const HEADINGS = ['what', 'measured', 'reference', 'figure', 'quartiles', 'rounds', 'budget', ''];

/** Formats a Markdown table with aligned columns. */
export function table(rows: readonly Row[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const lines = cells.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function cellsOf(row: Row): string[] {
  if ('notRun' in row) return [row.what, `not run: ${row.notRun}`, '', '', '', '', '', ''];
  const { what, ours, reference, figure, unit, budget } = row;
  const { median, from, to, count } = figure;
  const show = (value: number): string => (unit === '×' ? value.toFixed(2) : value.toFixed(0));
  return [
    what,
    ours,
    reference,
    `${show(median)} ${unit}`,
    count === 1 ? '' : `${show(from)} to ${show(to)}`,
    String(count),
    budget === undefined ? '' : `≤ ${budget} ${unit}`,
    budget === undefined ? '' : isOver(row) ? 'OVER' : 'ok',
  ];
}
