import { startArkeo, startHost } from '../host.ts';
import { startInstrument } from '../instrument.ts';
import { interleave, median, ratios, timed } from '../measure.ts';
import { ms } from '../table.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 11;
const CALLS = 150;
const TOOL = 'main_get_active_routine';

/** A tool call that makes one round trip, compared with a bare server whose tool makes the same round trip. */
export const call: Measurement = async ({ references: { program } }) => {
  const instrument = await startInstrument(program.instrument);
  const hosts = {
    ours: await startArkeo(['--port', String(instrument.port)]),
    bare: await startHost([program['sdk-forward'], String(instrument.port)]),
  };
  const typical = async (act: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < CALLS; i++) times.push(await timed(act));
    return median(times);
  };
  try {
    const rounds = await interleave(ROUNDS, {
      ours: () => typical(() => hosts.ours.call(TOOL)),
      bare: () => typical(() => hosts.bare.call(TOOL)),
    });
    return [
      {
        what: 'tool call / SDK tool with a bare round trip',
        ours: ms(median(rounds.map(({ ours }) => ours))),
        reference: ms(median(rounds.map(({ bare }) => bare))),
        figure: ratios(
          rounds,
          ({ ours }) => ours,
          ({ bare }) => bare,
        ),
        unit: '×',
        budget: 1.25,
      },
    ];
  } finally {
    await Promise.all(Object.values(hosts).map((host) => host.close()));
    await instrument.close();
  }
};
