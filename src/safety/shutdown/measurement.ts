import { setTimeout as sleep } from 'node:timers/promises';
import { ArkeoError } from '../../errors.ts';
import { commands } from '../../instrument/commands/index.ts';
import { quote } from '../../text/quote.ts';
import { isKnownState, isMeasuring, type RoutineStatus } from '../../instrument/routine-status.ts';
import { saysNoRoutine, type ShutdownContext, type Step } from './step.ts';

const READY_WITHIN_MS = 2000;
const CLOSED_WITHIN_MS = 1000;
const POLL_MS = 100;
const { ROUTINE, MAIN } = commands;

/** Tells the measurement to stop, before anything is asked: the first word on the wire must be the one that helps. */
export async function stopMeasurement(step: Step, context: ShutdownContext): Promise<void> {
  const { client, ownership, scope, send } = context;
  if (scope === 'ours' && !ownership.measurement) return;
  try {
    await client.call(ROUTINE.StopMeasurement, {}, send);
    step.note('done', 'the measurement was told to stop');
  } catch (error) {
    const refused = error instanceof ArkeoError && error.outcome === 'refused';
    const status = await statusOrNone(context).catch(() => undefined);
    if (status === 'none' || (status !== undefined && !isMeasuring(status))) {
      step.note(
        refused ? 'nothing to do' : 'done',
        refused ? 'no measurement was running' : 'no answer to the stop, but nothing is measuring now',
      );
    } else step.note('FAILED', error instanceof Error ? error.message : String(error));
  }
}

/** Status of the routine; undefined where it cannot be asked, `none` without one. */
export type RoutineLook = RoutineStatus | 'none' | undefined;

/** Looks whether somebody else measures, and notes it. */
export async function lookForOthers(step: Step, context: ShutdownContext): Promise<RoutineLook> {
  const status = await step.try(() => statusOrNone(context));
  if (status !== undefined && status !== 'none' && isMeasuring(status)) {
    step.note('left', `${describe(status)}, not started by this server`);
  } else if (status !== undefined) step.note('nothing to do', 'no measurement of this server is running');
  return status;
}

/** Waits until nothing is measured any more, from a first look on; FAILED when that takes more than READY_WITHIN_MS. */
export async function waitForReady(step: Step, context: ShutdownContext, first?: RoutineLook): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS;
  for (let look = first; ; look = undefined) {
    const status = look ?? (await step.try(() => statusOrNone(context)));
    if (status === undefined) return;
    if (status === 'none') return step.note('nothing to do', 'no routine is open');
    if (!isMeasuring(status)) return step.note('done', describe(status));
    if (performance.now() > until) {
      return step.note('FAILED', `${describe(status)}, still after ${READY_WITHIN_MS / 1000} s`);
    }
    await sleep(POLL_MS);
  }
}

export async function closeRoutine(step: Step, context: ShutdownContext): Promise<void> {
  const { client, ownership, scope, send } = context;
  await step.try(async () => {
    const { routine } = await client.send(MAIN.GetActiveRoutine, {}, send);
    if (routine === null) return step.note('nothing to do', 'no routine is open');
    const ours = ownership.ownsWindow(routine);
    if (scope === 'ours' && !ours)
      return step.note('left', `${quote(routine)} is open, not opened by this server`);
    const status = await statusOrNone(context);
    if (status !== 'none' && isMeasuring(status))
      return step.note(
        scope === 'ours' && !ownership.measurement ? 'left' : 'FAILED',
        `${describe(status)}: closing the window now would lose its data`,
      );
    await client.call(ROUTINE.CloseRoutine, {}, send);
    const isClosed = await untilClosed(context);
    step.note(
      isClosed ? 'done' : 'FAILED',
      `${quote(routine)} was told to close${isClosed ? '' : ', and is still open'}`,
    );
  });
}

/** Whether the window is gone within a second: software that shuts a window down may take a moment. */
async function untilClosed({ client, send }: ShutdownContext): Promise<boolean> {
  const until = performance.now() + CLOSED_WITHIN_MS;
  for (;;) {
    const { routine } = await client.send(MAIN.GetActiveRoutine, {}, send);
    if (routine === null) return true;
    if (performance.now() > until) return false;
    await sleep(POLL_MS);
  }
}

/** The routine's status, or `none` when no routine is open. */
async function statusOrNone({ client, send }: ShutdownContext): Promise<RoutineStatus | 'none'> {
  try {
    return await client.send(ROUTINE.GetTestStatus, {}, send);
  } catch (error) {
    if (saysNoRoutine(error)) return 'none';
    throw error;
  }
}

function describe({ name, status }: RoutineStatus): string {
  return `${name === undefined ? 'the routine' : quote(name)} is ${isKnownState(status) ? status : quote(status)}`;
}
