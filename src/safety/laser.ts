/** A laser, and what switches it off in the form it was switched on with. */
export interface Laser {
  /** The routine that was open, as the instrument names it; undefined where that was not seen. */
  routine: string | undefined;
  /** "channel 1", "port 7" or "the laser". */
  name: string;
  off: Record<string, unknown>;
  /**
   * Only a duty cycle is known to work: no duty cycle is off for sure, since 0 % is full power on an inverted
   * source.
   */
  dutyCycleOnly: boolean;
}

/** What a SetLaser command is about, in any of its documented forms, and whether it switches on. */
export function laserOf(
  parameter: Readonly<Record<string, unknown>>,
  routine: string | undefined,
): { laser: Laser; on: boolean } {
  const { channel, port_id: port, laser, enabled, intensity, duty_cycle: duty } = parameter;
  const dutyCycleOnly = duty !== undefined;
  const on =
    laser === true || enabled === true || dutyCycleOnly || (intensity !== undefined && intensity !== 0);
  if (channel !== undefined) {
    const off = dutyCycleOnly
      ? { channel, duty_cycle: 0 }
      : enabled === undefined
        ? { channel, intensity: 0 }
        : { channel, enabled: false };
    return { laser: { routine, name: `channel ${JSON.stringify(channel)}`, off, dutyCycleOnly }, on };
  }
  if (port !== undefined) {
    return {
      laser: {
        routine,
        name: `port ${JSON.stringify(port)}`,
        off: { port_id: port, laser: false },
        dutyCycleOnly,
      },
      on,
    };
  }
  const off = laser === undefined ? { enabled: false } : { laser: false };
  return { laser: { routine, name: 'the laser', off, dutyCycleOnly }, on };
}

/** Under what a laser is accounted for: two routines may have a laser of the same name. */
export function laserKey({ routine, name }: Laser): string {
  return `${routine ?? ''} ${name}`;
}
