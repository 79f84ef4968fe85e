import * as z from 'zod';
import { readSetting } from './read-setting.ts';

/** A row of the sweep editor. Its form is not published: this is what the editor shows. */
const row = z.looseObject({
  Type: z.string(),
  Enable: z.boolean().default(true),
  Start: z.number(),
  End: z.number(),
  Step: z.number(),
});
export type SweepRow = z.output<typeof row>;

/**
 * The enabled rows of `sweep_settings`, outermost loop first; empty without a sweep, undefined where a row reads
 * otherwise.
 */
export function sweepRows(settings: unknown): readonly SweepRow[] | undefined {
  const parsed = z.array(row).safeParse(readSetting(settings, ['sweep_settings']) ?? []);
  return parsed.data?.filter(({ Enable }) => Enable);
}

/** The value of a row at a place, from 0. */
export function sweptValue({ Start, End, Step }: SweepRow, place: number): number {
  return Start + Math.sign(End - Start) * Math.abs(Step) * place;
}
