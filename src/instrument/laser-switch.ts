import type { LaserSwitch, WireParameter } from './effects.ts';

/** Reads a SetLaser parameter in any of its documented forms: which laser it switches, and whether on. */
export function laserSwitch(parameter: WireParameter): LaserSwitch {
  const { channel, port_id: port, laser, enabled, intensity, duty_cycle: duty } = parameter;
  const dutyCycleOnly =
    duty !== undefined && [laser, enabled, intensity, port].every((other) => other === undefined);
  const state = {
    on:
      laser === true ||
      enabled === true ||
      duty !== undefined ||
      (intensity !== undefined && intensity !== 0),
    dutyCycleOnly,
    onlyOne: laser !== undefined,
  };
  if (channel !== undefined) {
    const off = enabled === undefined ? { channel, intensity: 0 } : { channel, enabled: false };
    return { ...state, name: `channel ${JSON.stringify(channel)}`, off };
  }
  if (port !== undefined)
    return { ...state, name: `port ${JSON.stringify(port)}`, off: { port_id: port, laser: false } };
  return { ...state, name: 'the laser', off: laser === undefined ? { enabled: false } : { laser: false } };
}
