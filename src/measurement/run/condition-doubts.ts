import type { Conditions } from '../archive/record.ts';

/** °C: more than this changes the figures of a cell. */
const DRIFT = 1;

/** What changed around a measurement while it ran, one sentence each. Unknown is no change. */
export function conditionDoubts(before: Conditions, after: Conditions): string[] {
  return [
    ...(differ(before.relays, after.relays)
      ? ['THE RELAYS CHANGED while it measured: it may be of two pixels']
      : []),
    ...(differ(before.leds, after.leds) ? ['the LEDs changed while it measured'] : []),
    ...(before.temperatures ?? []).flatMap(({ address, channel, stage_c: first }) => {
      const last = after.temperatures?.find(
        (other) => other.address === address && other.channel === channel,
      )?.stage_c;
      return typeof first === 'number' && typeof last === 'number' && Math.abs(last - first) > DRIFT
        ? [`the stage went from ${first.toFixed(1)} to ${last.toFixed(1)} °C while it measured`]
        : [];
    }),
  ];
}

function differ(before: unknown, after: unknown): boolean {
  return before !== null && after !== null && JSON.stringify(before) !== JSON.stringify(after);
}
