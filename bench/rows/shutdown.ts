import { startFake } from '../../test/helpers/fake-instrument.ts';
import { startArkeo } from '../host.ts';
import { spread } from '../measure.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 9;

/** From the call of safe_shutdown, while another request hangs, until its first command is on the wire. */
export const shutdown: Measurement = async () => {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await onceHanging());
  return [
    {
      what: 'safe_shutdown beside a hanging request',
      ours: 'call to first command',
      reference: '',
      figure: spread(times),
      unit: 'ms',
      budget: 100,
    },
  ];
};

async function onceHanging(): Promise<number> {
  let hangs = (): void => undefined;
  let switchesOff = (): void => undefined;
  const hanging = new Promise<void>((resolve) => (hangs = resolve));
  const switchedOff = new Promise<void>((resolve) => (switchesOff = resolve));
  const instrument = await startFake((request, connection) => {
    if (request.command === 'GetAvailableRoutines') return hangs();
    // The hanging request has the first socket, switching off another one.
    if (request.connection > 1) switchesOff();
    connection.reply(request);
  });
  const host = await startArkeo(['--port', String(instrument.port)]);
  try {
    // The result of the hanging call does not matter.
    const call = host.call('main_get_available_routines').catch(() => undefined);
    await hanging;
    const start = performance.now();
    const shutdownCall = host.call('safe_shutdown').catch(() => undefined);
    await switchedOff;
    const elapsed = performance.now() - start;
    await shutdownCall;
    await instrument.close();
    await call;
    return elapsed;
  } finally {
    await host.close();
  }
}
