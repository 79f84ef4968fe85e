import { ArkeoError } from '../../errors.ts';
import { quote } from '../../text/quote.ts';
import { sameRoutine } from '../../instrument/routine-name.ts';
import { laserName, laserOff } from '../../instrument/laser-switch.ts';
import { SetLaser } from '../../instrument/routines/luminescence-commands.ts';
import type { LaserThing } from '../thing.ts';
import type { ShutdownContext, Step } from './step.ts';

/**
 * Only what was switched on through us can be switched off: which lasers exist, or are on, cannot be read. The off of one
 * that was acknowledged before is sent again all the same.
 */
export async function lasersOff(step: Step, context: ShutdownContext): Promise<void> {
  const { lasers } = context.ownership;
  if (lasers.length === 0)
    return step.note('nothing to do', 'no laser was switched on through this server; others cannot be seen');
  const open = await context.openRoutine();
  for (const { laser, isAcknowledged } of lasers)
    await step.try(() => laserOffIn(step, { open, laser, isAcknowledged }, context));
}

interface Found {
  /** The routine that is open; undefined where it cannot be read. */
  open: string | null | undefined;
  laser: LaserThing;
  isAcknowledged: boolean;
}

async function laserOffIn(
  step: Step,
  { open, laser, isAcknowledged }: Found,
  { client, send }: ShutdownContext,
): Promise<void> {
  const name = laserName(laser);
  const { routine } = laser;
  if (routine !== undefined && open !== undefined && !sameRoutine(open ?? '', routine)) {
    const where = `${quote(routine)}, which is not open now`;
    return isAcknowledged
      ? step.note(
          'done',
          `${name}: off acknowledged before, not verifiable, and not sent again: it is of ${where}`,
        )
      : step.note(
          'FAILED',
          `the laser of ${name} was switched on in ${where}: open it and switch the laser off, or look at it`,
        );
  }
  try {
    // Every routine's SetLaser is one command on the wire, with other members.
    await client.sendOff(SetLaser, laserOff(laser), send);
    step.note('done', `${name}: off acknowledged, not verifiable`);
  } catch (error) {
    if (laser.form !== 'duty_cycle' || !isRefused(error)) throw error;
    step.note(
      'FAILED',
      `the laser of ${name} is NOT SWITCHED OFF: it was set by duty cycle, and this software takes no intensity. Nothing was sent, because a duty cycle of 0 % is full power on an inverted source. A person has to switch it off at the ARKEO screen or at the laser itself (key, interlock), and keep the cover closed until then`,
    );
  }
}

/** The instrument knows the command, and not this form of it. */
function isRefused(error: unknown): boolean {
  return error instanceof ArkeoError && error.outcome === 'refused' && error.code !== 4006;
}
