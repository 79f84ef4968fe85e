import { ArkeoError } from '../../errors.ts';
import type { Laser } from '../laser.ts';
import type { ShutdownContext, Step } from './step.ts';

/** Only what was switched on through us can be switched off: which lasers exist, or are on, cannot be read. */
export async function lasersOff(step: Step, context: ShutdownContext): Promise<void> {
  const { client, ownership, send } = context;
  const { lasers } = ownership;
  if (lasers.length === 0) {
    step.note('nothing to do', 'no laser was switched on through this server; others cannot be seen');
  }
  for (const { name, off, dutyCycleOnly } of lasers) {
    await step.try(async () => {
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
