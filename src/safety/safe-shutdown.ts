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
 * Takes the energy out: measurement, LEDs, lasers, then, once nothing measures, relays and shutter; temperature control
 * at the same time on a connection of its own. Only then all is read back. Every step, and within a step every device,
 * is attempted whatever became of the others, past whatever waits. Never throws: each step says what became of it.
 */
export function safeShutdown(parts: ShutdownParts, scope: ShutdownScope): Promise<ShutdownStep[]> {
  const { connection, ownership } = parts;
  return connection.shutdown(async (lane) => {
    const context = contextOn(lane, parts, scope);
    const { send } = context;
    const steps = new Steps();
    const devices = {
      leds: leds(context),
      relays: relays(context),
      heat: temperatureControl(context),
      shutter: shutter(context),
    };
    const isRunOurs = scope === 'everything' || ownership.measurement;
    const hasShutter = ownership.shutter !== undefined;

    const heat = ownership.controllers.length > 0 ? offBeside(connection, lane, devices.heat) : undefined;
    if (isRunOurs) await steps.at('measurement', (step) => stopMeasurement(step, context));
    await steps.at('leds', (step) => devices.leds.off(step, send));
    await steps.at('lasers', (step) => lasersOff(step, context, send));
    let status: RoutineLook;
    if (!isRunOurs)
      await steps.at('measurement', async (step) => {
        status = await lookForOthers(step, context);
      });
    if (steps.result('measurement') !== 'left')
      await steps.at('ready', (step) => waitForReady(step, context, status));
    await steps.at('relays', (step) => devices.relays.off(step, send));
    if (hasShutter) await steps.at('shutter', (step) => devices.shutter.off(step, send));
    const beside = await heat;
    await steps.at('temperature control', async (step) => {
      if (beside === undefined) await devices.heat.off(step, send);
      else step.add(beside);
    });

    await steps.at('leds', (step) => devices.leds.verify(step, send));
    await steps.at('relays', (step) => devices.relays.verify(step, send));
    if (hasShutter) await steps.at('shutter', (step) => devices.shutter.verify(step, send));
    await steps.at('temperature control', (step) => devices.heat.verify(step, send));
    return steps.summary();
  });
}

/** Switches off what cannot be read, and nothing else: for what became known only after all the rest was off. */
export function switchOffUnseen(parts: ShutdownParts): Promise<ShutdownStep[]> {
  return parts.connection.shutdown(async (lane) => {
    const context = contextOn(lane, parts, 'ours');
    const steps = new Steps();
    await steps.at('lasers', (step) => lasersOff(step, context, context.send));
    if (parts.ownership.shutter !== undefined) {
      const device = shutter(context);
      await steps.at('shutter', (step) => device.off(step, context.send));
      await steps.at('shutter', (step) => device.verify(step, context.send));
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
): ShutdownContext {
  const send: SendOptions = { lane, timeoutMs: STEP_TIMEOUT_MS };
  const read = async (): Promise<string | null> =>
    (await client.send(commands.MAIN.GetActiveRoutine, {}, send)).routine;
  return { scope, client, ownership, send, openRoutine: readOnce(read) };
}

/**
 * Switches the device off on a connection of its own. Undefined where that did not work out: some software serves one
 * connection at a time, and accepts another without hearing it.
 */
async function offBeside(
  connection: ConnectionManager,
  first: SafetyLane,
  device: Device,
): Promise<Step | undefined> {
  // What stops the measurement is the first word on the wire.
  await first.open().catch(() => undefined);
  const lane = connection.openExtraLane();
  const step = new Step();
  try {
    await step.try(() => device.off(step, { lane, timeoutMs: BESIDE_TIMEOUT_MS }));
  } finally {
    lane.close();
  }
  return step.summary().result === 'FAILED' ? undefined : step;
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

  result(name: StepName): StepResult | undefined {
    return this.#steps.get(name)?.summary().result;
  }

  summary(): ShutdownStep[] {
    return ORDER.flatMap((name) => {
      const step = this.#steps.get(name);
      return step === undefined ? [] : [{ step: name, ...step.summary() }];
    });
  }
}
