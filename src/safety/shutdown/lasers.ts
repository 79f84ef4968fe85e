import { ArkeoError } from '../../errors.ts';
import { commands } from '../../instrument/commands/index.ts';
import { quote } from '../../text/quote.ts';
import { sameRoutine } from '../../instrument/routine-name.ts';
import type { Laser } from '../laser.ts';
import type { ShutdownContext, Step } from './step.ts';

/** Only what was switched on through us can be switched off: which lasers exist, or are on, cannot be read. */
export async function lasersOff(step: Step, context: ShutdownContext): Promise<void> {
  const { client, ownership, send } = context;
  const { lasers } = ownership;
  if (lasers.length === 0) {
    step.note('nothing to do', 'no laser was switched on through this server; others cannot be seen');
  }
  if (lasers.length === 0) return;
  const open = await step.try(() => client.send(commands.MAIN.GetActiveRoutine, {}, send));
  for (const { routine, name, off, dutyCycleOnly } of lasers) {
    await step.try(async () => {
      if (routine !== undefined && open !== undefined && !sameRoutine(open.routine ?? '', routine)) {
        return step.note(
          'FAILED',
          `the laser of ${name} was switched on in ${quote(routine)}, which is not open now: open it and switch the laser off, or look at it`,
        );
      }
      if (dutyCycleOnly && !(await isOffAccepted(off, context))) {
        return step.note(
          'FAILED',
          `the laser of ${name} is NOT SWITCHED OFF: it was set by duty cycle, and this software takes no intensity. Nothing was sent, because a duty cycle of 0 % is full power on an inverted source. A person has to switch it off at the ARKEO screen or at the laser itself (key, interlock), and keep the cover closed until then`,
        );
      }
      if (!dutyCycleOnly) await client.custom('SetLaser', off, send);
      step.note('done', `switched off ${name}`);
    });
  }
}

/** Sends the off form by intensity. False where the software refuses it, which changes nothing. */
async function isOffAccepted(off: Laser['off'], { client, send }: ShutdownContext): Promise<boolean> {
  try {
    // Records that earlier versions left on the disk have a duty cycle as their off form.
    const { duty_cycle: duty, ...rest } = off;
    await client.custom('SetLaser', duty === undefined ? off : { ...rest, intensity: 0 }, send);
    return true;
  } catch (error) {
    if (error instanceof ArkeoError && error.outcome === 'refused' && error.code !== 4006) return false;
    throw error;
  }
}
