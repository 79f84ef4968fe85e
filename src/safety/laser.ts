import type { LaserSwitch } from '../instrument/effects.ts';

/** A laser, and what switches it off in the form it was switched on with. */
export interface Laser {
  /** The routine that was open, as the instrument names it; undefined where that was not seen. */
  routine: string | undefined;
  /** "channel 1", "port 7" or "the laser". */
  name: string;
  off: Record<string, unknown>;
  /**
   * Only a duty cycle is known to work. No duty cycle is off for sure, since 0 % is full power on an inverted source:
   * `off` is then by intensity, which this software may refuse.
   */
  dutyCycleOnly: boolean;
}

/** Under what a laser is accounted for: two routines may have a laser of the same name. */
export function laserKey({ routine, name }: Laser): string {
  return `${routine ?? ''} ${name}`;
}

/** The laser that a command switches, in the routine that was open. */
export function laserIn(routine: string | undefined, { name, off, dutyCycleOnly }: LaserSwitch): Laser {
  return { routine, name, off, dutyCycleOnly };
}
