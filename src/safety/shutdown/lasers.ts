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
      if (dutyCycleOnly && !(await intensityZero(off, context))) {
        await client.custom('SetLaser', off, send);
        return step.note(
          'FAILED',
          `the laser of ${name} was set to 0 % duty cycle but could NOT be verified off: on an inverted source that is full power`,
        );
      }
      if (!dutyCycleOnly) await client.custom('SetLaser', off, send);
      step.note('done', `switched off ${name}`);
    });
  }
}

/** Off for sure, where the software knows intensities; false where it refuses them, which changes nothing. */
async function intensityZero(off: Laser['off'], { client, send }: ShutdownContext): Promise<boolean> {
  try {
    const { duty_cycle: _, ...id } = off;
    await client.custom('SetLaser', { ...id, intensity: 0 }, send);
    return true;
  } catch (error) {
    if (error instanceof ArkeoError && error.outcome === 'refused' && error.code !== 4006) return false;
    throw error;
  }
}
