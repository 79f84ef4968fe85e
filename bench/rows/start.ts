import { type Host, startArkeo, startHost } from '../host.ts';
import { interleave, median, ratios } from '../measure.ts';
import { ms } from '../table.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 21;

/** From the start of the process to the answer to tools/list. */
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
    zod: () => answered(() => startHost([program['sdk-zod']])),
    list: () => answered(() => startHost([program['sdk-list']])),
    older: () => answered(() => startHost([program['older-sdk']])),
  });
  const typically = (name: keyof (typeof rounds)[number]): string =>
    ms(median(rounds.map((round) => round[name])));
  const line = (what: string, reference: 'zod' | 'list' | 'older', budget?: number) => ({
    what: `start to tools/list / ${what}`,
    ours: typically('ours'),
    reference: typically(reference),
    figure: ratios(
      rounds,
      ({ ours }) => ours,
      (round) => round[reference],
    ),
    unit: '×' as const,
    ...(budget === undefined ? {} : { budget }),
  });
  return [
    line('SDK server, schemas in zod', 'zod', 1.3),
    line('SDK server, list as text', 'list'),
    line('older SDK, list as text', 'older'),
  ];
};
