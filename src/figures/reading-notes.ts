import type { Dataset } from '../science/dataset.ts';

const HOW_READ = 'how the data was read: ';
const NOTE = /^(before it was recovered: )*how the data was read: /;

/** What was corrected while reading, as a record keeps it among its warnings. */
export function readingNotes(dataset: Dataset | undefined): string[] {
  return (dataset?.notes ?? []).map((note) => HOW_READ + note);
}

/** Whether a warning of a record only says how the data was read: no reason to doubt the measurement. */
export function isReadingNote(warning: string): boolean {
  return NOTE.test(warning);
}
