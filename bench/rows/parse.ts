import { parseTolerantJson } from '../../src/protocol/tolerant-json.ts';
import { interleave, median, ratios, timed } from '../measure.ts';
import { ms } from '../table.ts';
import { replyOf } from './reply.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 15;
const BYTES = 16 * 1024 * 1024;

/** Reading 16 MiB with and without NaN, compared with JSON.parse of the same without. */
export const parse: Measurement = async () => {
  const clean = replyOf(BYTES, () => false);
  const one = replyOf(BYTES, (row) => row === 100_000);
  const tenth = replyOf(BYTES, (row) => row % 10 === 0);
  const read = (reply: Buffer): Promise<number> => {
    collect();
    return timed(() => parseTolerantJson(reply));
  };
  const rounds = await interleave(ROUNDS, {
    native: () => {
      collect();
      return timed((): unknown => JSON.parse(clean.toString('utf8')));
    },
    clean: () => read(clean),
    one: () => read(one),
    tenth: () => read(tenth),
  });
  const line = (what: string, name: 'clean' | 'one' | 'tenth', budget: number) => ({
    what: `reading 16 MiB ${what} / JSON.parse`,
    ours: ms(median(rounds.map((round) => round[name]))),
    reference: ms(median(rounds.map(({ native }) => native))),
    figure: ratios(
      rounds,
      (round) => round[name],
      ({ native }) => native,
    ),
    unit: '×' as const,
    budget,
  });
  return [line('clean', 'clean', 1.1), line('one NaN', 'one', 2), line('NaN in 10 % of rows', 'tenth', 2)];
};

/** Collects the garbage of one reading, so that it does not cost the next one time. */
function collect(): void {
  globalThis.gc?.();
}
