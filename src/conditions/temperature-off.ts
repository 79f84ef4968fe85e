import { InstrumentError } from '../errors.ts';
import { commands } from '../instrument/commands/index.ts';
import { type ControllerChoice, choose, nameOf, readStage, type StageController } from './controllers.ts';
import { withConsequence, pastOthers, readUntil, type StageCall } from './stage-call.ts';
import type { StageWatch } from './stage-watch.ts';

const { TMPCTL } = commands;
const READ_BACK_MS = 2000;
const OFF_HINT = 'Look with tmpctl_get_status, then safe_shutdown. Tell the person if it stays on.';

export interface StageOff {
  /** Controllers as read back: those that were named, or all. */
  controllers: StageController[];
  /** How many had to be told. */
  told: number;
}

/**
 * Switches temperature control off: of the controller that is named, or of all. What hangs is not waited for. A
 * controller that does not say whether it is on is told, and `active` stays undefined.
 * Throws InputError, InstrumentError, ConnectionError.
 */
export function stageOff(choice: ControllerChoice, call: StageCall, watch: StageWatch): Promise<StageOff> {
  return pastOthers(call, async (beside) => {
    const all = await readOrSwitchBlindly(choice, beside);
    const chosen = isNamed(choice) ? [choose(all, choice)] : all;
    const on = chosen.filter((controller) => controller.active !== false);
    for (const controller of chosen) watch.forget(controller);
    const failures: unknown[] = [];
    for (const controller of on) {
      await switchOff(controller, all.length > 1 || isNamed(choice), beside).catch((error: unknown) =>
        failures.push(error),
      );
    }
    if (failures.length > 0)
      throw withConsequence(
        failures[0],
        `${failures.length} of ${on.length} controllers not switched off`,
        OFF_HINT,
      );
    if (on.length === 0) return { controllers: chosen, told: 0 };
    const controllers = await readUntil(
      beside,
      READ_BACK_MS,
      async () => {
        const now = await readStage(beside);
        return chosen.map(({ address, channel }) => choose(now, { address, channel }));
      },
      (now) => now.every(({ active }) => active !== true),
    ).catch((error: unknown) => {
      throw withConsequence(error, 'control was told to go off, but that could not be read back', OFF_HINT);
    });
    const still = controllers.filter(({ active }) => active === true);
    if (still.length === 0) return { controllers, told: on.length };
    throw new InstrumentError(`STILL ON: ${still.map(({ text }) => text).join(' ')}`, {
      code: 'not_as_asked',
      outcome: 'unknown',
      target: 'TMPCTL',
      command: TMPCTL.SetEnable.name,
      hint: OFF_HINT,
    });
  });
}

/** Switching off must not fail because the state cannot be read. */
async function readOrSwitchBlindly(choice: ControllerChoice, call: StageCall): Promise<StageController[]> {
  try {
    return await readStage(call);
  } catch (error) {
    if (!(error instanceof InstrumentError)) throw error;
    const { address, channel } = choice;
    const known = address !== undefined && channel !== undefined;
    await switchOff({ address: address ?? 0, channel: channel ?? 0 }, known, call);
    const which = known ? nameOf({ address, channel }) : 'the selected controller';
    throw withConsequence(
      error,
      `${which} was told to go off all the same, but that cannot be read back`,
      OFF_HINT,
    );
  }
}

async function switchOff(
  { address, channel }: { address: number; channel: number },
  select: boolean,
  { client, send }: StageCall,
): Promise<void> {
  const to = select ? { ...send, controller: { address, channel } } : send;
  await client.call(TMPCTL.SetEnable, { enable: false }, to);
}

function isNamed({ address, channel }: ControllerChoice): boolean {
  return address !== undefined || channel !== undefined;
}
