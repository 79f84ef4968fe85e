import * as z from 'zod';
import { systemClock } from '../../src/simulator/clock.ts';
import { Instrument } from '../../src/simulator/instrument.ts';
import { serveInstrument } from '../../src/simulator/server.ts';
import { startArkeo } from '../host.ts';
import { spread, timed } from '../measure.ts';
import { ms } from '../table.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 3;
const WATCH_MS = 2;
/** In real time, with usual arguments; the scan is that of the instrument's own settings. */
const ARGUMENTS = { device_name: 'Bench', area_cm2: 0.1, light_source: '12_led', wait_s: 50 };
/** States in which the instrument is busy, so that any client has to wait. */
const BUSY = ['Initializing', 'Starting', 'Running'];

/**
 * measure_jv from call to answer, the opening of its window included, minus the time in which the instrument
 * was busy.
 */
export const jv: Measurement = async () => {
  const walls: number[] = [];
  const own: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { wall, busy } = await measureOnce();
    walls.push(wall);
    own.push(busy);
  }
  return [
    {
      what: "measure_jv - the instrument's own time",
      ours: ms(spread(walls).median),
      reference: ms(spread(own).median),
      figure: spread(walls.map((wall, round) => wall - (own[round] ?? 0))),
      unit: 'ms',
      budget: 300,
    },
  ];
};

async function measureOnce(): Promise<{ wall: number; busy: number }> {
  const instrument = new Instrument({ clock: systemClock(1), seed: 1, dialect: 'newest', version: 'bench' });
  const simulator = await serveInstrument(instrument);
  const host = await startArkeo(['--port', String(simulator.port)]);
  // The first call dials and reads the state, which is not part of a measurement.
  await host.call('instrument_status');
  let busy = 0;
  let before = performance.now();
  const watch = setInterval(() => {
    const now = performance.now();
    if (BUSY.includes(statusOf(instrument))) busy += now - before;
    before = now;
  }, WATCH_MS);
  try {
    const wall = await timed(() => host.call('measure_jv', ARGUMENTS));
    if (busy === 0) throw new Error('the simulator was never seen measuring');
    return { wall, busy };
  } finally {
    clearInterval(watch);
    await host.close();
    await simulator.close();
  }
}

const status = z.looseObject({ routine_status: z.string() });

/** Reads the status from the simulator itself, without its socket. */
function statusOf(instrument: Instrument): string {
  const { data } = instrument.handle({
    target: 'ROUTINE',
    command: 'GetTestStatus',
    parameter: {},
    requestId: undefined,
  });
  return status.safeParse(data).data?.routine_status ?? 'closed';
}
