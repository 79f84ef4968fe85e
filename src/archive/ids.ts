import path from 'node:path';

/** The folder of the data folder in which the measurements are. */
export const MEASUREMENTS = 'measurements';

const MAX_PART = 24;
const ID = /^\d{4}-\d{2}-\d{2}_\d{2}\.\d{2}\.\d{2}Z_[\p{L}\p{M}\p{N}._+-]{1,100}_[0-9a-f]{4}(_SIMULATED)?$/u;

export interface IdParts {
  startedAt: Date;
  routine: string;
  deviceName: string | null;
  simulated: boolean;
  /** Four hexadecimal digits. */
  suffix: string;
}

/** `2026-11-22_21.14.05Z_JV_Cell-A_3f9c`, which is also the name of the folder, on any system. */
export function makeId({ startedAt, routine, deviceName, simulated, suffix }: IdParts): string {
  const time = startedAt.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '.');
  const names = [routine, deviceName ?? ''].map(namePart).filter((part) => part !== '');
  return [
    `${time}Z`,
    ...(names.length > 0 ? names : ['measurement']),
    suffix,
    ...(simulated ? ['SIMULATED'] : []),
  ].join('_');
}

/** Whether the text has the form of an id. One that has cannot lead out of the folder. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** Path of the measurement, below the data folder. */
export function idPath(id: string): string {
  return path.join(MEASUREMENTS, id.slice(0, 10), id);
}

/** Up to three of `known`, those most like `text`, best first. */
export function closeIds(text: string, known: readonly string[]): string[] {
  const wanted = trigrams(text);
  return known
    .map((id) => ({ id, likeness: likeness(wanted, trigrams(id)) }))
    .filter((candidate) => candidate.likeness >= 0.4)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, 3)
    .map(({ id }) => id);
}

/** Letters and digits of any script, whatever else is replaced; cut, because whole paths are limited on Windows. */
function namePart(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._+-]+/gu, '-')
    .replace(/^[-._]+/, '');
  return Array.from(plain)
    .slice(0, MAX_PART)
    .join('')
    .replace(/[-._]+$/, '');
}

/** Three neighbouring characters each. */
function trigrams(text: string): Set<string> {
  const plain = text.normalize('NFC').toLowerCase();
  return new Set(Array.from({ length: Math.max(0, plain.length - 2) }, (_, i) => plain.slice(i, i + 3)));
}

/** The share of what was wanted that is there: 0 to 1. A part of an id is as good as all of it. */
function likeness(wanted: ReadonlySet<string>, there: ReadonlySet<string>): number {
  return [...wanted].filter((part) => there.has(part)).length / Math.max(1, wanted.size);
}
