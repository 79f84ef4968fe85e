import type { Dataset } from '../science/dataset.ts';

const HOW_READ = 'how the data was read: ';
const NOTE = /^(before it was recovered: )*how the data was read: /;

/** Lists what was corrected while reading, as a record keeps it among its warnings. */
export function readingNotes(dataset: Dataset | undefined): string[] {
  return (dataset?.notes ?? []).map((note) => HOW_READ + note);
}

/**
 * The remarks of a record by their weight. How the data was read is a note and no reason to doubt the measurement; the
 * rest are warnings. The same remark has the same weight in every answer.
 */
export function splitRemarks(remarks: readonly string[]): { warnings: string[]; notes: string[] } {
  return {
    warnings: remarks.filter((remark) => !NOTE.test(remark)),
    notes: remarks.filter((remark) => NOTE.test(remark)),
  };
}
