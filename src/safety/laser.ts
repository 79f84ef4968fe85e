/** How a laser was switched on last, which tells how it is switched off. */
export const LASER_FORMS = ['intensity', 'duty_cycle', 'enabled', 'laser'] as const;
export type LaserForm = (typeof LASER_FORMS)[number];

/** A laser, by what a SetLaser command names it with. */
export interface Laser {
  kind: 'laser';
  /** The routine that was open, as the instrument names it; undefined where that was not seen. */
  routine: string | undefined;
  /** Undefined where the command named none. */
  channel: number | string | undefined;
  port: number | string | undefined;
  form: LaserForm;
}

type Parameter = Readonly<Record<string, unknown>>;

/** Reads a SetLaser command in any of its documented forms: which laser, and whether it is switched on. */
export function laserOf(parameter: Parameter, routine: string | undefined): { laser: Laser; on: boolean } {
  const { laser, enabled, intensity, duty_cycle: duty } = parameter;
  return {
    laser: {
      kind: 'laser',
      routine,
      channel: identifier(parameter['channel']),
      port: identifier(parameter['port_id']),
      form: formOf(parameter),
    },
    on:
      laser === true ||
      enabled === true ||
      duty !== undefined ||
      (intensity !== undefined && intensity !== 0),
  };
}

/**
 * The parameter that switches the laser off for sure, in the form it was switched on with. A duty cycle of 0 is full
 * power on an inverted source, so intensity 0 takes its place: an instrument that refuses it has no form that is known.
 */
export function laserOff({ channel, port, form }: Laser): Parameter {
  const id = {
    ...(channel === undefined ? {} : { channel }),
    ...(port === undefined ? {} : { port_id: port }),
  };
  switch (form) {
    case 'intensity':
    case 'duty_cycle':
      return { ...id, intensity: 0 };
    case 'enabled':
      return { ...id, enabled: false };
    case 'laser':
      return { ...id, laser: false };
  }
}

/** "channel 1", "port 7" or "the laser" */
export function laserName({ channel, port }: Laser): string {
  if (channel !== undefined) return `channel ${JSON.stringify(channel)}`;
  return port === undefined ? 'the laser' : `port ${JSON.stringify(port)}`;
}

function formOf({ laser, enabled, duty_cycle: duty }: Parameter): LaserForm {
  if (duty !== undefined) return 'duty_cycle';
  if (laser !== undefined) return 'laser';
  return enabled === undefined ? 'intensity' : 'enabled';
}

function identifier(value: unknown): number | string | undefined {
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}
