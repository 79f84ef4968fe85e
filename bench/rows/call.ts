import { connectTo } from '../../test/helpers/connection.ts';
import { startArkeo, startHost } from '../host.ts';
import { startInstrument } from '../instrument.ts';
import { interleave, median, ratios, timed } from '../measure.ts';
import { ms } from '../table.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 11;
const CALLS = 150;
const TOOL = 'main_get_active_routine';
const REQUEST = { target: 'MAIN', command: 'GetActiveRoutine', parameter: {} };

/** A tool call that makes one round trip, against an echo of a bare server and that round trip by itself. */
export const call: Measurement = async ({ references: { program } }) => {
  const instrument = await startInstrument(program.instrument);
  const hosts = {
    ours: await startArkeo(['--port', String(instrument.port)]),
    sdk: await startHost([program['sdk-list']]),
    forward: await startHost([program['sdk-forward'], String(instrument.port)]),
    older: await startHost([program['older-sdk']]),
  };
  const connection = connectTo(instrument);
  const typical = async (act: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < CALLS; i++) times.push(await timed(act));
    return median(times);
  };
  try {
    const rounds = await interleave(ROUNDS, {
      ours: () => typical(() => hosts.ours.call(TOOL)),
      sdk: () => typical(() => hosts.sdk.call(TOOL)),
      forward: () => typical(() => hosts.forward.call(TOOL)),
      older: () => typical(() => hosts.older.call(TOOL)),
      socket: () =>
        typical(() =>
          connection.send({ request: REQUEST, kind: 'read', parameterKey: 'parameter', timeoutMs: 5000 }),
        ),
    });
    const typically = (name: keyof (typeof rounds)[number]): string =>
      ms(median(rounds.map((round) => round[name])));
    const line = (what: string, reference: 'sdk' | 'older', budget?: number) => ({
      what,
      ours: typically('ours'),
      reference: `${typically(reference)} + ${typically('socket')}`,
      figure: ratios(
        rounds,
        ({ ours }) => ours,
        (round) => round[reference] + round.socket,
      ),
      unit: '×' as const,
      ...(budget === undefined ? {} : { budget }),
    });
    return [
      line('tool call / SDK echo + round trip', 'sdk', 1.25),
      {
        what: 'tool call / SDK tool with a bare round trip',
        ours: typically('ours'),
        reference: typically('forward'),
        figure: ratios(
          rounds,
          ({ ours }) => ours,
          ({ forward }) => forward,
        ),
        unit: '×' as const,
      },
      {
        what: 'SDK tool with a bare round trip / SDK echo + round trip',
        ours: typically('forward'),
        reference: `${typically('sdk')} + ${typically('socket')}`,
        figure: ratios(
          rounds,
          ({ forward }) => forward,
          ({ sdk, socket }) => sdk + socket,
        ),
        unit: '×' as const,
      },
      line('tool call / older SDK echo + round trip', 'older'),
    ];
  } finally {
    connection.close();
    await Promise.all(Object.values(hosts).map((host) => host.close()));
    await instrument.close();
  }
};
