import * as z from 'zod';
import type { Applied, AppliedValue, SwitchedOn, ValueSource } from '../../archive/applied.ts';
import type { Telling } from './fact.ts';
import { entries, members, word } from './tellings.ts';

/** The sources of values in the words of answers. What is assumed must not be overlooked. */
const GROUPS: Readonly<Record<ValueSource, string>> = {
  assumed: 'ASSUMED',
  asked: 'asked',
  measured: 'measured',
  instrument: 'as_found',
  default: 'default',
};
const ORDER = ['assumed', 'asked', 'measured', 'instrument', 'default'] as const;

/** Values by what they rest on, then by name. */
export const appliedValues = z
  .record(z.string(), z.record(z.string(), z.unknown()))
  .describe('By what values rest on: ASSUMED, asked, measured, as_found, default.');
type AppliedValues = z.output<typeof appliedValues>;

/** Origins of values, where their group does not say it all. */
export const appliedBasis = z.record(z.string(), z.string());

/** `ASSUMED: irradiance_mw_cm2 100`, a line for each source. */
export const appliedTelling: Telling<AppliedValues> = {
  tell: (name, groups) => ({
    value: groups,
    lines: Object.entries(groups).flatMap(
      ([group, values]) => entries(labelOf(group)).tell(name, values).lines ?? [],
    ),
  }),
};

/** `Basis: irradiance_mw_cm2 as the instrument had it`. */
export const basisTelling: Telling<z.output<typeof appliedBasis>> = entries('Basis');

export const switchedOn = z.strictObject({
  what: z.string(),
  detail: z.string(),
  on_at: z.string(),
  off_at: z.string().nullable(),
  off: z.string().nullable().describe('How it is known to be off again.'),
});

/** `Switched on: laser channel 1, 20 %, on at …, off at …, off read_back`, a line for each. */
export const eachSwitchedOn: Telling<readonly z.output<typeof switchedOn>[]> = {
  tell: (name, all) => {
    const told = all.map((one) => members<typeof one>(SWITCHED_ON, 'Switched on').tell(name, one));
    return { value: all, lines: told.flatMap(({ lines = [] }) => lines) };
  },
};
const SWITCHED_ON = {
  what: word({ label: '' }),
  detail: word({ label: '' }),
  on_at: word(),
  off_at: word({ none: 'NOT SWITCHED OFF' }),
  off: word(),
};

/** Puts what was applied into the members of an answer. */
export function appliedSaid({ values, switched_on: on }: Applied): {
  applied: AppliedValues;
  basis?: z.output<typeof appliedBasis>;
  switched_on?: z.output<typeof switchedOn>[];
} {
  const all = Object.entries(values);
  const notes = all.flatMap(([name, { note }]) => (note === undefined ? [] : [[name, note] as const]));
  return {
    applied: Object.fromEntries(
      ORDER.flatMap((source) => {
        const own = all.filter(([, value]) => value.source === source);
        return own.length === 0
          ? []
          : [
              [
                GROUPS[source],
                Object.fromEntries(own.map(([name, value]) => [withUnit(name, value), value.value])),
              ],
            ];
      }),
    ),
    ...(notes.length === 0 ? {} : { basis: Object.fromEntries(notes) }),
    ...(on.length === 0 ? {} : { switched_on: on.map(onlyKnown) }),
  };
}

function onlyKnown({ what, detail, on_at, off_at, off }: SwitchedOn): z.output<typeof switchedOn> {
  return { what, detail, on_at: toSeconds(on_at), off_at: off_at === null ? null : toSeconds(off_at), off };
}

/** Milliseconds stay in the record. */
function toSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

/** Names of arguments end with their unit; where one does not, the unit is added. */
function withUnit(name: string, { unit }: AppliedValue): string {
  return unit === '' || hasUnit(name) ? name : `${name} (${unit})`;
}

/** Endings of a quantity's name that stand for its unit. */
const UNIT_ENDS = /_(v|a|s|c|hz|ms|nm|um|mm|cm2|mw_cm2|v_s|percent|share|level)$/;

function hasUnit(name: string): boolean {
  return UNIT_ENDS.test(name);
}

function labelOf(group: string): string {
  return group.replaceAll('_', ' ');
}
