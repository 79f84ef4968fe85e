import type { LaserSwitch, WireParameter } from './effects.ts';
import type { LaserForm, LaserId } from './laser-id.ts';

/** Reads a SetLaser parameter in any of its documented forms: which laser it switches, and whether on. */
export function laserSwitch(parameter: WireParameter): LaserSwitch {
  const { laser, enabled, intensity, duty_cycle: duty } = parameter;
  return {
    channel: identifier(parameter['channel']),
    port: identifier(parameter['port_id']),
    form: formOf(parameter),
    on:
      laser === true ||
      enabled === true ||
      duty !== undefined ||
      (intensity !== undefined && intensity !== 0),
    onlyOne: laser !== undefined,
  };
}

/**
 * The parameter that switches a laser off for sure, in the form it was switched on with. No duty cycle is off for sure,
 * since 0 % is full power on an inverted source: intensity 0 takes its place, which the software may refuse.
 */
export function laserOff({ channel, port, form }: LaserId & { form: LaserForm }): WireParameter {
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
export function laserName({ channel, port }: LaserId): string {
  if (channel !== undefined) return `channel ${JSON.stringify(channel)}`;
  return port === undefined ? 'the laser' : `port ${JSON.stringify(port)}`;
}

/** The form that switches off most surely, where there are several: a duty cycle only where there is nothing else. */
function formOf({
  channel,
  port_id: port,
  laser,
  enabled,
  intensity,
  duty_cycle: duty,
}: WireParameter): LaserForm {
  if (laser !== undefined || port !== undefined) return 'laser';
  if (enabled !== undefined) return 'enabled';
  if (intensity === undefined && duty !== undefined) return 'duty_cycle';
  return intensity === undefined && channel === undefined ? 'enabled' : 'intensity';
}

function identifier(value: unknown): number | string | undefined {
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}
