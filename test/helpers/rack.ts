import * as z from 'zod';
import type { Clock } from '../../src/simulator/clock.ts';
import { Instrument } from '../../src/simulator/instrument.ts';
import { type Fault, serveInstrument } from '../../src/simulator/server.ts';

/** What of an instrument is on. */
export interface OnRack {
  leds: boolean;
  relays: boolean;
  heating: boolean;
  running: boolean;
  laser: boolean;
}

const board = z.looseObject({ values: z.array(z.number()) });
const reply = {
  leds: z.looseObject({ data: z.looseObject({ boards: z.array(board) }) }),
  relays: z.looseObject({ data: z.looseObject({ status: z.array(z.boolean()) }) }),
  run: z.looseObject({ data: z.looseObject({ routine_status: z.string() }).optional() }),
  window: z.looseObject({ data: z.looseObject({ routine: z.string() }) }),
};

/** A simulated instrument in the test, which takes a while for each reply, and is looked at without its socket. */
export async function startRack() {
  const clock = slowingClock();
  const instrument = new Instrument({ clock, seed: 1, dialect: 'newest', version: 'test' });
  const delay: Fault = { name: 'delay', seconds: 0 };
  const wire: string[] = [];
  const watchers = new Set<() => void>();
  let laser = false;
  const server = await serveInstrument(instrument, {
    faults: [delay],
    onRequest: ({ target, command, parameter }) => {
      wire.push(`${target}.${command}`);
      if (command === 'SetLaser') laser = z.looseObject({ laser: z.boolean() }).parse(parameter).laser;
      for (const watch of watchers) watch();
    },
  });
  /** What somebody does or sees at the screen. */
  const atScreen = (target: string, command: string, parameter: Record<string, unknown> = {}): unknown =>
    instrument.handle({ target, command, parameter, requestId: 1 });
  const status = (): string | undefined =>
    reply.run.parse(atScreen('ROUTINE', 'GetTestStatus')).data?.routine_status;
  return {
    port: server.port,
    wire,
    atScreen,
    status,
    window: () => reply.window.parse(atScreen('MAIN', 'GetActiveRoutine')).data.routine,
    /** From now on a measurement hardly gets on. */
    slowDown: () => clock.slowDown(),
    /** How long each reply takes from now on. */
    answerAfter: (ms: number) => void (delay.seconds = ms / 1000),
    on: (): OnRack => ({
      leds: reply.leds
        .parse(atScreen('LED', 'GetStatus'))
        .data.boards.some(({ values }) => values.some((level) => level > 0)),
      relays: reply.relays.parse(atScreen('MUX', 'GetStatus')).data.status.includes(true),
      heating: !JSON.stringify(atScreen('TMPCTL', 'GetStatus')).includes('Not Active'),
      running: ['Starting', 'Running'].includes(status() ?? ''),
      laser,
    }),
    /** Resolves at that many requests from now. */
    requests: (count: number) =>
      new Promise<void>((resolve) => {
        const until = wire.length + count;
        const watch = (): void => {
          if (wire.length < until) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
    close: () => server.close(),
  };
}

/** Real time, up to when it is told to slow down. */
function slowingClock(): Clock & { slowDown: () => void } {
  const began = performance.now();
  let slowedAt: number | undefined;
  return {
    seconds: () => {
      const now = performance.now();
      const fast = (slowedAt ?? now) - began;
      return (fast + (now - began - fast) / 1000) / 1000;
    },
    wallTime: () => new Date(),
    slowDown: () => void (slowedAt ??= performance.now()),
  };
}

export type Rack = Awaited<ReturnType<typeof startRack>>;
