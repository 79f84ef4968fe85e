import type { Conditions } from '../../conditions/conditions-schema.ts';

/** Routines that only look at the sample, or touch it with a head of their own. */
const PAST_THE_RELAYS: ReadonlySet<string> = new Set(['Luminescence', 'PLQY', 'TCSPC', 'Resistivity']);
const NO_RELAY =
  'no relay is closed: right if the cell is wired past the multiplexer, otherwise select_device';

/** °C: more than this changes the figures of a cell. */
const DRIFT = 1;

/**
 * Lists the doubts that follow from the relays, LEDs and stage, and from what changed while it ran, one sentence each.
 * Unknown is no change.
 */
export function conditionDoubts(routine: string, before: Conditions, after: Conditions): string[] {
  return [
    ...(!PAST_THE_RELAYS.has(routine) && noneClosed(before) && noneClosed(after) ? [NO_RELAY] : []),
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

function noneClosed({ relays }: Conditions): boolean {
  return relays !== null && relays.length > 0 && !relays.includes(true);
}

function differ(before: unknown, after: unknown): boolean {
  return before !== null && after !== null && JSON.stringify(before) !== JSON.stringify(after);
}
