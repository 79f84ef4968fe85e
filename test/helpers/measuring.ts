import { expect, vi } from 'vitest';
import * as z from 'zod';
import { systemClock } from '../../src/simulator/clock.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import { Instrument, type ReplyObject } from '../../src/simulator/instrument.ts';
import type { Dialect, SimulatorRequest } from '../../src/simulator/request.ts';
import { serveInstrument } from '../../src/simulator/server.ts';
import { type Bench, type Caution, toolsOn } from './tools.ts';

interface RigOptions extends Caution {
  speed?: number;
  dialect?: Dialect;
  faults?: readonly Fault[];
  /** Deadline of a reply. */
  timeoutMs?: number;
  caution?: Caution;
  /** Sees what is written to the instrument before it is carried out. */
  onRequest?: (request: SimulatorRequest) => void;
}

export type Answered = Awaited<ReturnType<Bench['call']>>;

/** A simulated instrument that can be cut off, restarted and used by somebody else, and the tools of a server on it. */
export interface Rig {
  readonly tools: Bench;
  /** Everything that was written to the instrument, oldest first. */
  readonly sent: SimulatorRequest[];
  /** "ROUTINE.StartMeasurement", in that order. */
  names: () => string[];
  /** What somebody else does on the same instrument, at its screen or from another computer. */
  other: (target: string, command: string, parameter?: Record<string, unknown>) => ReplyObject;
  /** Resolves when the routine is in that state. */
  untilStatus: (state: string) => Promise<void>;
  /** Cuts the network. */
  cut: () => Promise<void>;
  /** The network is back, with the same instrument or, after a restart, with a fresh one. */
  back: (how: 'same' | 'restarted') => Promise<void>;
}

/** @param onTestFinished of the test, which may run beside others */
export async function startRig(
  onTestFinished: (close: () => Promise<void>) => void,
  {
    speed = 20,
    dialect = 'newest',
    faults = [],
    onRequest: look,
    timeoutMs,
    caution,
    ...rest
  }: RigOptions = {},
): Promise<Rig> {
  const make = (): Instrument =>
    new Instrument({ clock: systemClock(speed), seed: 1, dialect, version: 'test' });
  let instrument = make();
  const sent: SimulatorRequest[] = [];
  const onRequest = (request: SimulatorRequest): void => {
    sent.push(request);
    look?.(request);
  };
  let server = await serveInstrument(instrument, { faults, onRequest });
  const { port } = server;
  const tools = toolsOn(port, { maxReplyBytes: 64 * 1024 * 1024 }, timeoutMs, { ...rest, ...caution });
  onTestFinished(async () => {
    tools.jobs.running?.cancel();
    tools.close();
    await server.close();
  });
  const other: Rig['other'] = (target, command, parameter = {}) =>
    instrument.handle({ target, command, parameter, requestId: 1 });
  return {
    tools,
    sent,
    other,
    names: () => sent.map(({ target, command }) => `${target}.${command}`),
    untilStatus: (state) =>
      vi.waitFor(
        () => {
          const { data } = other('ROUTINE', dialect === 'oldest' ? 'GetStatus' : 'GetTestStatus');
          if (!JSON.stringify(data ?? null).includes(`"${state}"`)) throw new Error(`not ${state} yet`);
        },
        { timeout: 20_000, interval: 5 },
      ),
    cut: () => server.close(),
    async back(how) {
      if (how === 'restarted') instrument = make();
      server = await serveInstrument(instrument, { port, onRequest });
    },
  };
}

/** Until the measurement is well under way. */
export const midway = (rig: Rig): Promise<void> =>
  vi.waitFor(() => expect(rig.tools.jobs.last?.progress.fraction ?? 0).toBeGreaterThan(0.3), {
    timeout: 20_000,
    interval: 5,
  });

/** Until the measurement has noticed that nobody answers. */
export const untilAway = (rig: Rig): Promise<void> =>
  vi.waitFor(() => expect(rig.tools.jobs.last?.sentence).toContain('no connection'), {
    timeout: 20_000,
    interval: 5,
  });

const answer = z.looseObject({
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      unit: z.string(),
      values: z.record(z.string(), z.number().nullable()),
    }),
  ),
});

/** All values of one figure of an answer. */
export function figure({ structured }: Answered, name: string): number[] {
  const found = answer.parse(structured).metrics.find((metric) => metric.name === name);
  return Object.values(found?.values ?? {}).map((value) => value ?? Number.NaN);
}

/** The id under which an answer says that its measurement is kept. */
export function idOf({ structured }: Answered): string {
  return z.string().parse(structured['measurement_id']);
}

/** Data that came with an error. */
export function idIn(text: string): string {
  const [, id] = /(?:kept|noted) as (\S+?)[.\s]*(?:\n|$| )/.exec(text) ?? [];
  if (id === undefined) throw new Error(`no id in ${text}`);
  return id;
}
