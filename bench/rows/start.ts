import { type Host, startArkeo, startHost } from '../host.ts';
import { interleave, median, ratios } from '../measure.ts';
import { ms } from '../table.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 21;

/** From the start of the process to the answer to tools/list, compared with a bare server with the same schemas in zod. */
export const start: Measurement = async ({ references: { program } }) => {
  const answered = async (begin: () => Promise<Host>): Promise<number> => {
    const started = performance.now();
    const host = await begin();
    await host.listTools();
    const elapsed = performance.now() - started;
    await host.close();
    return elapsed;
  };
  const rounds = await interleave(ROUNDS, {
    ours: () => answered(() => startArkeo()),
    bare: () => answered(() => startHost([program['sdk-zod']])),
  });
  return [
    {
      what: 'start to tools/list / SDK server, schemas in zod',
      ours: ms(median(rounds.map(({ ours }) => ours))),
      reference: ms(median(rounds.map(({ bare }) => bare))),
      figure: ratios(
        rounds,
        ({ ours }) => ours,
        ({ bare }) => bare,
      ),
      unit: '×',
      budget: 1.3,
    },
  ];
};
