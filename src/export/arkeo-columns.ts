import type { Dataset, Scan } from '../science/dataset.ts';
import { scanNames } from '../science/scan-names.ts';
import { scaleBetween } from '../science/units.ts';
import { heading, numberCell } from './arkeo-cells.ts';

/** A scan with its name in a file: `FW`, `RV`, or its label. */
export interface NamedScan {
  scan: Scan;
  /** Unique among the scans. */
  name: string;
  /** Title of the scan's parameters: `Forward`, `Reverse 2`, or its name. */
  title: string;
  /** Makes the heading of one of its columns. */
  headingOf: (name: string, unit: string) => string;
  /** Common part of its headings; empty for a single scan. */
  tag: string;
}

/**
 * Symbols of the columns in the instrument's files: V_FW, J_FW, V_RV, J_RV, also for the current of Dark JV, in
 * A.
 */
const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['Voltage', 'V'],
  ['Current density', 'J'],
  ['Current', 'J'],
]);
const SWEPT: ReadonlySet<string> = new Set(['JV', 'Dark JV']);

/**
 * The scans in the order of a file: for a JV curve forward before reverse, whichever was measured first, with
 * further pairs numbered; then all other scans under their own labels.
 */
export function namedScans(dataset: Dataset): NamedScan[] {
  const names = scanNames(dataset);
  const all = dataset.scans.map((scan, i) => ({ scan, name: names[i] ?? scan.label }));
  const isSweep = ({ scan }: Named): boolean =>
    SWEPT.has(dataset.routine) && scan.columns[0]?.name === 'Voltage';
  const [forward = [], reverse = []] = (['forward', 'reverse'] as const).map((direction) =>
    all.filter((named) => isSweep(named) && directionOfScan(named.scan) === direction),
  );
  const pairs = Array.from({ length: Math.max(forward.length, reverse.length) }, (_, i) => [
    ...swept(forward[i], 'Forward', 'FW', i),
    ...swept(reverse[i], 'Reverse', 'RV', i),
  ]).flat();
  const others = all.filter((named) => !isSweep(named));
  return [
    ...pairs,
    ...others.map(({ scan, name }): NamedScan => {
      const tag = all.length === 1 ? '' : name;
      const headingOf = (column: string, unit: string): string =>
        heading(tag === '' ? column : `${column} [${tag}]`, unit);
      return { scan, name, title: name, tag, headingOf };
    }),
  ];
}

type Named = Pick<NamedScan, 'scan' | 'name'>;

function swept(named: Named | undefined, word: string, short: string, i: number): NamedScan[] {
  if (named === undefined) return [];
  const tag = i === 0 ? short : `${short}_${i + 1}`;
  const headingOf = (name: string, unit: string): string =>
    heading(`${SYMBOLS.get(name) ?? name}_${tag}`, unit);
  return [{ ...named, title: i === 0 ? word : `${word} ${i + 1}`, tag, headingOf }];
}

function directionOfScan({ direction, label }: Scan): 'forward' | 'reverse' {
  return direction ?? (/^(rev|rv|back)/i.test(label) ? 'reverse' : 'forward');
}

/** The table: headings, then rows. A scan that ends before the longest leaves empty cells. */
export function dataTable(scans: readonly NamedScan[]): string[][] {
  const columns = scans.flatMap(({ scan, headingOf }) =>
    scan.columns.map(({ name, unit, values }) => {
      const { unit: written, scale } = inFileUnit(unit);
      return {
        head: headingOf(name, written),
        cells: values.map((value) => numberCell(value === null ? null : value * scale)),
      };
    }),
  );
  const rows = columns.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  return [
    columns.map(({ head }) => head),
    ...Array.from({ length: rows }, (_, i) => columns.map(({ cells }) => cells[i] ?? '')),
  ];
}

/** Converts a unit: the files have current densities in A/cm² and powers in W/cm². */
export function inFileUnit(unit: string): { unit: string; scale: number } {
  for (const written of ['A/cm²', 'W/cm²']) {
    const scale = scaleBetween(unit, written);
    if (scale !== undefined) return { unit: written, scale };
  }
  return { unit, scale: 1 };
}
