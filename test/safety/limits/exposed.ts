import type { Envelope } from '../../../src/safety/limits/envelope.ts';
import { type Limits, limitsFor } from '../../../src/safety/limits/limits-file.ts';
import { loadLimits } from '../../helpers/all-in-one.ts';

/** Those of a single junction, changed. */
export function limits(given: object = {}): Limits {
  const text = JSON.stringify({ profiles: { single_junction: given } });
  const { limits: profile } = loadLimits(text);
  return limitsFor({ profile, routine: undefined, device: undefined });
}

export const standard = limits();

/** Of the LEDs, all else 0. */
export const levels = (changes: Record<number, number>): number[] =>
  Array.from({ length: 12 }, (_, i) => changes[i] ?? 0);

export function envelope({
  volts = [],
  amperes = [],
  light = [],
  seconds,
}: {
  volts?: number[];
  amperes?: number[];
  light?: number[];
  seconds?: number;
}): Envelope {
  const exposures = (name: string, values: number[]) =>
    values.map((value, i) => ({ what: `${name} ${i + 1}`, value }));
  return {
    voltages: exposures('Volt', volts),
    currents: exposures('Ampere', amperes),
    light: exposures('Light', light),
    seconds,
  };
}
