import { isRecord } from '../../text/is-record.ts';
import { amountsOf } from './amount.ts';
import { type Exposures, guessed, lit, NOTHING, together } from './envelope.ts';
import { type Read, readAs } from './quantity.ts';
import { type Leaf, leavesOf } from './settings-leaves.ts';
import { foldName } from './setting-name.ts';
import { namedQuantity, readUndocumented } from './undocumented.ts';

const SWEEP = foldName('sweep_settings');
const ENDS = ['start', 'end'];
const KNOWN = new Set(['type', 'enable', 'step', ...ENDS]);

/** The rows of the sweep editor, as one value. */
export function isSweep({ path, value }: Leaf): boolean {
  return Array.isArray(value) && foldName(path.at(-1) ?? '') === SWEEP;
}

/** Rows of light and of scan rate are known. Others are unclear; where their name is that of a voltage or current they count, as guesses. */
export function readSweep({ value }: Leaf, at: string): Read {
  const reads = (Array.isArray(value) ? value : []).map((row: unknown) => readRow(row, at));
  return {
    exposures: together(...reads.map(({ exposures }) => exposures)),
    unclear: reads.some(({ unclear }) => unclear),
  };
}

function readRow(row: unknown, at: string): Read {
  if (!isRecord(row)) return { exposures: NOTHING, unclear: true };
  const named = new Map(Object.entries(row).map(([key, inner]) => [foldName(key), inner]));
  const others = Object.fromEntries(Object.entries(row).filter(([key]) => !KNOWN.has(foldName(key))));
  const more = (leavesOf(others) ?? []).map((leaf) =>
    readUndocumented(leaf, undefined, `${at} › ${leaf.path.join(' › ')}`),
  );
  const type = named.get('type');
  const ends = ENDS.map((end) => amountsOf(named.get(end)));
  const numbers = ends.flatMap((end) => (end?.amounts ?? []).map(({ number }) => number));
  const isRead = ends.every((end) => end?.whole === true) && amountsOf(named.get('step'))?.whole === true;
  const own = readEnds(type, numbers, at);
  const off = named.get('enable') === false && own.known;
  return {
    exposures: together(off ? NOTHING : own.exposures, ...more.map(({ exposures }) => exposures)),
    unclear: !own.known || !isRead || more.some(({ unclear }) => unclear),
  };
}

function readEnds(
  type: unknown,
  numbers: readonly number[],
  at: string,
): { exposures: Exposures; known: boolean } {
  const name = typeof type === 'string' ? type : '';
  switch (foldName(name)) {
    case 'scanrate':
      return { exposures: NOTHING, known: true };
    case 'light': {
      const most = Math.max(0, ...numbers.map(Math.abs));
      return { exposures: most === 0 ? NOTHING : lit(`${at} › Light`, most / 100), known: true };
    }
    default: {
      const quantity = namedQuantity(name);
      const reads = numbers.map((number) =>
        quantity === undefined ? NOTHING : readAs(quantity, number, `${at} › ${name}`).exposures,
      );
      return { exposures: guessed(together(...reads)), known: false };
    }
  }
}
