import * as z from 'zod';
import { each, members, several, word } from './tellings.ts';
import type { Telling } from './fact.ts';

/** Levels of the channels that are on, by name; null where the instrument sent no number. */
export const ledLevels = z
  .record(z.string(), z.number().nullable())
  .describe('Channels that are on, 0 to 1.');
type LedLevels = z.output<typeof ledLevels>;

export const ledBoard = z.strictObject({ board: z.number().nullable(), levels: ledLevels });

/** `Deep Blue 0.5, Red 0.2`, or `all off`. */
export function levelsOf(label: string): Telling<LedLevels> {
  return {
    tell: (_, value) => {
      const lit = Object.entries(value).map(([name, level]) => `${name} ${level ?? 'unknown'}`);
      return {
        value,
        phrase: `${label === '' ? '' : `${label} `}${lit.length === 0 ? 'all off' : lit.join(', ')}`,
      };
    },
  };
}

/** `LED: board 1, Deep Blue 0.5`, a line for each. */
export const eachBoard: Telling<readonly z.output<typeof ledBoard>[]> = each(
  { board: word({ none: 'the only board' }), levels: levelsOf('') },
  { label: 'LED' },
);

/** How many relays there are, and which are closed. */
export const relayState = z.strictObject({ count: z.number(), closed: z.array(z.number()) });
export const relayTelling: Telling<z.output<typeof relayState>> = members(
  { count: word({ label: '' }), closed: several({ none: 'all open' }) },
  'Relays',
);
