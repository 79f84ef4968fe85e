import { splitHeading } from '../../src/science/units.ts';

export interface ArkeoFile {
  /** Of `## Header ##`: section, then key. */
  header: Record<string, Record<string, string>>;
  parameters: Record<string, Record<string, string>>;
  columns: { name: string; unit: string; values: (number | null)[] }[];
}

/**
 * Reads a text file of the instrument by the published rules: UTF-8 with or without mark, else Windows-1252;
 * `## Data ##` is found by its text, units stand in the headings, rows may be ragged, NaN is a missing value.
 */
export function readArkeoText(bytes: Uint8Array): ArkeoFile {
  const text = decode(bytes);
  const [before = '', ...after] = text.split('## Data ##');
  if (after.length !== 1) throw new Error(`${after.length} parts begin with ## Data ##`);
  const [header = '', parameters = ''] = before.split('## Parameters ##');
  const [head = '', ...rows] = (after[0] ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const cells = rows.map((row) => row.split('\t'));
  return {
    header: sections(header.replace('## Header ##', '')),
    parameters: sections(parameters),
    columns: head.split('\t').map((cell, i) => ({
      ...splitHeading(cell),
      values: cells
        .map((row) => row[i] ?? '')
        .filter((value) => value !== '')
        .map((value) => (value === 'NaN' ? null : Number(value.replace(',', '.')))),
    })),
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function sections(part: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  let current: Record<string, string> = {};
  for (const line of part.split(/\r?\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const name = /^\[(.*)\]$/.exec(line)?.[1];
    if (name === undefined) {
      const [key = '', ...rest] = line.split('\t');
      if (rest.length !== 1) throw new Error(`${rest.length} values in ${JSON.stringify(line)}`);
      current[key] = rest[0] ?? '';
    } else {
      current = found[name] = {};
    }
  }
  return found;
}
