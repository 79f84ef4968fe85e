import type { ConnectionManager } from '../connection/connection-manager.ts';
import type { SafetyLane } from '../connection/safety-lane.ts';
import type { InstrumentClient, SendOptions } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import type { Ownership } from './ownership.ts';
import { lasersOff } from './shutdown/lasers.ts';
import { leds } from './shutdown/leds.ts';
import {
  closeRoutine,
  lookForOthers,
  type RoutineLook,
  stopMeasurement,
  waitForReady,
} from './shutdown/measurement.ts';
import { relays } from './shutdown/relays.ts';
import { shutter } from './shutdown/shutter.ts';
import {
  type Device,
  type ShutdownContext,
  type ShutdownScope,
  Step,
  type StepResult,
} from './shutdown/step.ts';
import { temperatureControl } from './shutdown/temperature.ts';

export interface ShutdownStep {
  step: string;
  result: StepResult;
  detail: string;
}

/** Answers come fast when the instrument is well; all the unanswered ones must still fit into one call. */
const STEP_TIMEOUT_MS = 3000;
/** An answer on the second connection that takes longer is not waited for: the first one does its work. */
const BESIDE_TIMEOUT_MS = 1000;

export interface ShutdownParts {
  connection: ConnectionManager;
  client: InstrumentClient;
  ownership: Ownership;
}

/**
 * Takes the energy out: measurement, LEDs, lasers; at the same time, on a connection of its own, temperature control, and
 * once nothing measures relays and shutter. Only then all is read back. Every step, and within a step every device, is
 * attempted whatever became of the others, past whatever waits. Never throws: each step says what became of it.
 */
export function safeShutdown(parts: ShutdownParts, scope: ShutdownScope): Promise<ShutdownStep[]> {
  const { connection, ownership } = parts;
  return connection.shutdown(async (lane) => {
    const context = contextOn(lane, parts, scope);
    const steps = new Steps();
    const devices = devicesOf(context);
    const isRunOurs = scope === 'everything' || ownership.measurement;
    const stopped = isRunOurs
      ? steps.at('measurement', (step) => stopMeasurement(step, context))
      : Promise.resolve();
    const inTurn = behindTheRun(devices, stopped, isRunOurs);
    const beside = hasSlowOnes(ownership) ? carriedOutBeside(parts, scope, lane, inTurn) : undefined;
    await stopped;
    await steps.at('leds', (step) => devices.leds.off(step, context));
    await steps.at('lasers', (step) => lasersOff(step, context));
    const done = (await beside) ?? [];
    for (const { name, step } of done) await steps.at(name, (own) => Promise.resolve(own.add(step)));
    // The acts that the other connection did not do follow here: all of them, if there was no other connection.
    for (const act of inTurn.slice(done.length))
      await steps.at(act.name, (step) => act.carryOut(step, context));

    await steps.at('leds', (step) => devices.leds.verify(step, context));
    await steps.at('relays', (step) => devices.relays.verify(step, context));
    if (ownership.shutter !== undefined)
      await steps.at('shutter', (step) => devices.shutter.verify(step, context));
    await steps.at('temperature control', (step) => devices.heat.verify(step, context));
    return steps.summary();
  });
}

function devicesOf(context: ShutdownContext): Record<'leds' | 'relays' | 'heat' | 'shutter', Device> {
  return {
    leds: leds(context),
    relays: relays(context),
    heat: temperatureControl(context),
    shutter: shutter(context),
  };
}

/** Something of ours is on that would otherwise be switched off last. */
function hasSlowOnes({ controllers, relays: ours, shutter: open }: Ownership): boolean {
  return controllers.length > 0 || ours !== undefined || open !== undefined;
}

interface Act {
  name: StepName;
  carryOut: (step: Step, context: ShutdownContext) => Promise<void>;
}

/** Lists the acts in their order: temperature control, and once nothing measures any more relays and shutter. */
function behindTheRun(
  devices: ReturnType<typeof devicesOf>,
  stopped: Promise<void>,
  isRunOurs: boolean,
): Act[] {
  let look: RoutineLook;
  let isLeft = false;
  const lookAround: Act = {
    name: 'measurement',
    async carryOut(step, context) {
      look = await lookForOthers(step, context);
      isLeft = step.summary().result === 'left';
    },
  };
  const ready: Act = {
    name: 'ready',
    async carryOut(step, context) {
      await stopped;
      await waitForReady(step, context, look);
      look = undefined;
    },
  };
  return [
    { name: 'temperature control', carryOut: (step, context) => devices.heat.off(step, context) },
    ...(isRunOurs ? [] : [lookAround]),
    { ...ready, carryOut: (step, context) => (isLeft ? Promise.resolve() : ready.carryOut(step, context)) },
    { name: 'relays', carryOut: (step, context) => devices.relays.off(step, context) },
    { name: 'shutter', carryOut: (step, context) => devices.shutter.off(step, context) },
  ];
}
/** Switches off what cannot be read, and nothing else: for what became known only after all the rest was off. */
export function switchOffUnseen(parts: ShutdownParts): Promise<ShutdownStep[]> {
  return parts.connection.shutdown(async (lane) => {
    const context = contextOn(lane, parts, 'ours');
    const steps = new Steps();
    await steps.at('lasers', (step) => lasersOff(step, context));
    if (parts.ownership.shutter !== undefined) {
      const device = shutter(context);
      await steps.at('shutter', (step) => device.off(step, context));
      await steps.at('shutter', (step) => device.verify(step, context));
    }
    return steps.summary();
  });
}

/** Closes the window of the routine, if it is in the scope. Its data is then gone. */
export function closeWindow(parts: ShutdownParts, scope: ShutdownScope): Promise<ShutdownStep[]> {
  return parts.connection.shutdown(async (lane) => {
    const steps = new Steps();
    await steps.at('routine', (step) => closeRoutine(step, contextOn(lane, parts, scope)));
    return steps.summary();
  });
}

function contextOn(
  lane: SafetyLane,
  { client, ownership }: ShutdownParts,
  scope: ShutdownScope,
  timeoutMs = STEP_TIMEOUT_MS,
): ShutdownContext {
  const send: SendOptions = { lane, timeoutMs };
  const read = async (): Promise<string | null> =>
    (await client.send(commands.MAIN.GetActiveRoutine, {}, send)).routine;
  return { scope, client, ownership, send, openRoutine: readOnce(read) };
}

/**
 * Carries the acts out on a connection of its own, up to the first that does not work out: some software serves one
 * connection at a time, and accepts another without hearing it. Returns those that did.
 */
async function carriedOutBeside(
  parts: ShutdownParts,
  scope: ShutdownScope,
  first: SafetyLane,
  acts: readonly Act[],
): Promise<{ name: StepName; step: Step }[]> {
  // The first word on the wire is the one that stops the measurement.
  await first.open().catch(() => undefined);
  const lane = parts.connection.openExtraLane();
  const context = contextOn(lane, parts, scope, BESIDE_TIMEOUT_MS);
  const done: { name: StepName; step: Step }[] = [];
  try {
    for (const { name, carryOut } of acts) {
      const step = new Step();
      await step.try(() => carryOut(step, context));
      if (step.summary().result === 'FAILED' && !lane.alive) break;
      done.push({ name, step });
    }
  } finally {
    lane.close();
  }
  return done;
}

/** Reads at the first call, and gives every further one the same. Undefined where it cannot be read. */
function readOnce<T>(read: () => Promise<T>): () => Promise<T | undefined> {
  let first: Promise<T | undefined> | undefined;
  return () => {
    first ??= read().catch(() => undefined);
    return first;
  };
}

const ORDER = [
  'measurement',
  'leds',
  'lasers',
  'ready',
  'relays',
  'shutter',
  'temperature control',
  'routine',
] as const;
type StepName = (typeof ORDER)[number];

/** The steps of a shutdown, by name: one may be worked on several times. */
class Steps {
  readonly #steps = new Map<StepName, Step>();

  /** Works on a step. Never throws: a failure becomes a FAILED note. */
  async at(name: StepName, act: (step: Step) => Promise<void>): Promise<void> {
    const step = this.#steps.get(name) ?? new Step();
    this.#steps.set(name, step);
    await step.try(() => act(step));
  }

  summary(): ShutdownStep[] {
    return ORDER.flatMap((name) => {
      const step = this.#steps.get(name);
      return step === undefined || step.isSilent ? [] : [{ step: name, ...step.summary() }];
    });
  }
}
