import type { ConnectionManager } from '../connection/connection-manager.ts';
import { ArkeoError } from '../errors.ts';
import type { InstrumentClient, SendOptions } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import { describeBoard, LED_CHANNELS } from '../instrument/commands/led.ts';
import { describeRelays } from '../instrument/commands/mux.ts';
import { isMeasuring } from '../instrument/routine-status.ts';
import type { ControllerId, Laser, Ownership } from './ownership.ts';

export interface ShutdownOptions {
  /** `ours`: what this server started or switched on. `everything`: also what others did. */
  scope: 'ours' | 'everything';
  closeRoutine: boolean;
}

export interface ShutdownStep {
  step: 'measurement' | 'leds' | 'lasers' | 'ready' | 'relays' | 'temperature control' | 'routine';
  /** `left`: on, but not ours, and the scope was ours. */
  result: 'done' | 'nothing to do' | 'left' | 'FAILED';
  detail: string;
}

interface Context extends ShutdownOptions {
  client: InstrumentClient;
  ownership: Ownership;
  send: SendOptions;
}

/** Answers come fast when the instrument is well; seven unanswered steps must still fit into one call. */
const STEP_TIMEOUT_MS = 3000;
const READY_WITHIN_MS = 2000;
const READY_POLL_MS = 100;

/**
 * Takes the energy out, in this order: measurement, LEDs, lasers, wait for Ready, relays, temperature control, and
 * the routine window if asked. Every step is attempted whatever became of the others, on a connection that
 * waits for nobody. Never throws for the instrument's sake: each step says what became of it.
 */
export async function safeShutdown(
  connection: ConnectionManager,
  client: InstrumentClient,
  ownership: Ownership,
  options: ShutdownOptions,
): Promise<ShutdownStep[]> {
  connection.rejectWaiting('safe_shutdown came first');
  const lane = connection.openSafetyLane();
  const context: Context = { ...options, client, ownership, send: { lane, timeoutMs: STEP_TIMEOUT_MS } };
  const steps: ShutdownStep[] = [];
  const attempt = async (
    step: ShutdownStep['step'],
    act: () => Promise<Omit<ShutdownStep, 'step'>>,
  ): Promise<void> => {
    try {
      steps.push({ step, ...(await act()) });
    } catch (error) {
      steps.push({ step, result: 'FAILED', detail: error instanceof Error ? error.message : String(error) });
      if (!(error instanceof ArkeoError)) throw error;
    }
  };
  try {
    await attempt('measurement', () => stopMeasurement(context));
    await attempt('leds', () => ledsToZero(context));
    await attempt('lasers', () => lasersOff(context));
    if (steps[0]?.result !== 'left') await attempt('ready', () => waitForReady(context));
    await attempt('relays', () => openRelays(context));
    await attempt('temperature control', () => temperatureControlOff(context));
    if (options.closeRoutine) await attempt('routine', () => closeRoutine(context));
  } finally {
    lane.close();
  }
  return steps;
}

async function stopMeasurement({
  client,
  ownership,
  scope,
  send,
}: Context): Promise<Omit<ShutdownStep, 'step'>> {
  if (scope === 'ours' && !ownership.measurement) {
    const status = await statusOrNone({ client, send });
    return status !== undefined && isMeasuring(status)
      ? {
          result: 'left',
          detail: `${status.name ?? 'a routine'} is ${status.status}, not started by this server`,
        }
      : { result: 'nothing to do', detail: 'no measurement of this server is running' };
  }
  // Stop first and ask afterwards: the first word on the wire must be the one that helps.
  try {
    await client.call(commands.ROUTINE.StopMeasurement, {}, send);
    return { result: 'done', detail: 'the measurement was told to stop' };
  } catch (error) {
    if (!(error instanceof ArkeoError) || error.outcome !== 'refused') throw error;
    const status = await statusOrNone({ client, send });
    if (status !== undefined && isMeasuring(status)) throw error;
    return { result: 'nothing to do', detail: 'no measurement was running' };
  }
}

async function ledsToZero({ client, ownership, scope, send }: Context): Promise<Omit<ShutdownStep, 'step'>> {
  const ours = ownership.ledBoards;
  const zeros = LED_CHANNELS.map(() => 0);
  const off = (address: number | undefined) =>
    client.call(
      commands.LED.SetValues,
      address === undefined ? { values: zeros } : { address, values: zeros },
      send,
    );
  for (const address of ours) await off(address);

  const { connected, boards } = await client.send(commands.LED.GetStatus, {}, send);
  const lit = boards.filter(({ values }) => values.some((value) => value !== 0));
  if (scope === 'everything') {
    for (const { address } of lit) await off(address);
    const { boards: after } = await client.send(commands.LED.GetStatus, {}, send);
    const still = after.filter(({ values }) => values.some((value) => value !== 0));
    if (still.length > 0)
      return { result: 'FAILED', detail: `still lit: ${still.map(describeBoard).join('; ')}` };
    if (lit.length > 0)
      return { result: 'done', detail: `switched off ${lit.map(describeBoard).join('; ')}` };
  }
  if (!connected && ours.length === 0)
    return { result: 'nothing to do', detail: 'no LED controller is connected' };
  const oursLit = lit.filter(({ address }) => ours.includes(address));
  if (scope === 'ours' && oursLit.length > 0) {
    return { result: 'FAILED', detail: `still lit: ${oursLit.map(describeBoard).join('; ')}` };
  }
  if (scope === 'ours' && lit.length > 0) {
    return { result: 'left', detail: `lit, not by this server: ${lit.map(describeBoard).join('; ')}` };
  }
  return ours.length > 0
    ? { result: 'done', detail: 'all LED channels of this server read back 0' }
    : { result: 'nothing to do', detail: 'all LEDs are off' };
}

/** Only what was switched on through us can be switched off: which lasers exist, or are on, cannot be read. */
async function lasersOff({ client, ownership, send }: Context): Promise<Omit<ShutdownStep, 'step'>> {
  const { lasers } = ownership;
  if (lasers.length === 0) {
    return {
      result: 'nothing to do',
      detail: 'no laser was switched on through this server; others cannot be seen',
    };
  }
  const unsure: string[] = [];
  for (const { name, off, dutyCycleOnly } of lasers) {
    if (!dutyCycleOnly) await client.custom('SetLaser', off, send);
    else if (!(await intensityZero(client, off, send))) {
      await client.custom('SetLaser', off, send);
      unsure.push(name);
    }
  }
  const names = lasers.map(({ name }) => name).join(', ');
  return unsure.length === 0
    ? { result: 'done', detail: `switched off ${names}` }
    : {
        result: 'FAILED',
        detail: `${unsure.join(', ')} was set to 0 % duty cycle but could NOT be verified off: on an inverted source that is full power`,
      };
}

/** Off for sure, where the software knows intensities; false where it refuses them, which changes nothing. */
async function intensityZero(
  client: InstrumentClient,
  off: Laser['off'],
  send: SendOptions,
): Promise<boolean> {
  try {
    const { duty_cycle: _, ...id } = off;
    await client.custom('SetLaser', { ...id, intensity: 0 }, send);
    return true;
  } catch (error) {
    if (error instanceof ArkeoError && error.outcome === 'refused') return false;
    throw error;
  }
}

async function waitForReady(context: Context): Promise<Omit<ShutdownStep, 'step'>> {
  const until = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const status = await statusOrNone(context);
    if (status === undefined) return { result: 'nothing to do', detail: 'no routine is open' };
    if (!isMeasuring(status)) return { result: 'done', detail: `the routine is ${status.status}` };
    if (performance.now() > until) {
      return {
        result: 'FAILED',
        detail: `the routine is still ${status.status} after ${READY_WITHIN_MS / 1000} s`,
      };
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}

async function openRelays({ client, ownership, scope, send }: Context): Promise<Omit<ShutdownStep, 'step'>> {
  const { relays, connected } = await client.send(commands.MUX.GetStatus, {}, send);
  const closed = describeRelays(relays);
  if (ownership.relayCount === 0) {
    if (!relays.includes(true)) {
      return {
        result: 'nothing to do',
        detail: connected ? 'all relays are open' : 'no multiplexer is connected',
      };
    }
    if (scope === 'ours') return { result: 'left', detail: `${closed}, not by this server` };
  }
  const state = Array.from({ length: relays.length || ownership.relayCount }, () => false);
  await client.call(commands.MUX.SetStatus, { state }, send);
  const after = await client.send(commands.MUX.GetStatus, {}, send);
  return after.relays.includes(true)
    ? { result: 'FAILED', detail: `still ${describeRelays(after.relays)}` }
    : { result: 'done', detail: `${closed} before, all open now` };
}

async function temperatureControlOff(context: Context): Promise<Omit<ShutdownStep, 'step'>> {
  const { client, ownership, scope, send } = context;
  const ours = ownership.controllers;
  const off = async (id: ControllerId): Promise<void> => {
    if (id !== undefined) await client.call(commands.TMPCTL.SetController, id, send);
    await client.call(commands.TMPCTL.SetEnable, { enable: false }, send);
  };
  for (const id of ours) await off(id);
  const isOurs = (c: { address: number; channel: number }): boolean =>
    ours.some((id) => id === undefined || (id.address === c.address && id.channel === c.channel));

  const controllers = await client.send(commands.TMPCTL.GetStatus, {}, send);
  const others = controllers.filter((c) => c.active === true && !isOurs(c));
  if (scope === 'everything') for (const { address, channel } of others) await off({ address, channel });
  const done = scope === 'everything' ? [...ours, ...others] : ours;
  if (scope === 'ours' && others.length > 0) {
    return { result: 'left', detail: `on, not by this server: ${others.map((c) => c.text).join(' ')}` };
  }
  return done.length > 0
    ? { result: 'done', detail: `switched off ${done.length} controller${done.length === 1 ? '' : 's'}` }
    : { result: 'nothing to do', detail: 'temperature control is off' };
}

async function closeRoutine({
  client,
  ownership,
  scope,
  send,
}: Context): Promise<Omit<ShutdownStep, 'step'>> {
  const { routine } = await client.send(commands.MAIN.GetActiveRoutine, {}, send);
  if (routine === null) return { result: 'nothing to do', detail: 'no routine is open' };
  if (scope === 'ours' && ownership.routine === undefined) {
    return { result: 'left', detail: `${routine} is open, not opened by this server` };
  }
  await client.call(commands.ROUTINE.CloseRoutine, {}, send);
  return { result: 'done', detail: `${routine} was told to close` };
}

/** The routine's status, or undefined when no routine is open. */
async function statusOrNone({ client, send }: Pick<Context, 'client' | 'send'>) {
  try {
    return await client.send(commands.ROUTINE.GetTestStatus, {}, send);
  } catch (error) {
    if (error instanceof ArkeoError && error.code === 4006) return undefined;
    throw error;
  }
}
