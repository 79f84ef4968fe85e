import * as z from 'zod';
import type { Column } from '../../science/dataset.ts';
import { normaliseUnit, splitHeading } from '../../science/units.ts';
import { lenientNumber } from '../../text/lenient-number.ts';

const heading = z.union([
  z.string().transform(splitHeading),
  z
    .looseObject({ name: z.string().optional(), value: z.string().optional(), unit: z.string().default('') })
    .transform(({ name, value, unit }) => ({ name: name ?? value ?? '', unit: normaliseUnit(unit) })),
]);

/** Column headings in every documented form: `"Name (unit)"`, `{name, unit}` or `{value, unit}`. */
export const headings = z.array(heading);
/** Rows of numbers; a cell that is no finite number, also when sent as text, is missing. */
export const rows = z.array(z.array(lenientNumber.transform((value) => value ?? null)));

/**
 * Columns from headings and rows. A current per area is called current density, whatever the instrument calls it.
 * Cells beyond the headings are dropped; rows that are too short end in missing values.
 */
export function toColumns(head: z.output<typeof headings>, cells: z.output<typeof rows>): Column[] {
  return head.map(({ name, unit }, i) => ({
    name: name === 'Current' && unit.endsWith('/cm²') ? 'Current density' : name,
    unit,
    values: cells.map((row) => row[i] ?? null),
  }));
}
