import * as z from 'zod';
import { InputError } from '../../errors.ts';
import { acknowledgement, defineCommand, parameters } from '../command.ts';
import { numberOrNaN } from '../effects.ts';
import type { LedBoard } from '../led-board.ts';
import { differences } from '../../text/differences.ts';
import { lenientNumber } from '../../text/lenient-number.ts';

export type { LedBoard } from '../led-board.ts';

/** In the order of the array that LED.SetValues takes: name and peak or band in nm. */
export const LED_CHANNELS = [
  { name: 'Warm White', band: '<3750 K' },
  { name: 'Cool White', band: '>4750 K' },
  { name: 'Far UV', band: '365 nm' },
  { name: 'UV', band: '385 nm' },
  { name: 'Deep Blue', band: '455 nm' },
  { name: 'Green', band: '510 nm' },
  { name: 'Amber', band: '590 nm' },
  { name: 'Red', band: '625 nm' },
  { name: 'Hyper Red', band: '660 nm' },
  { name: 'Far Red', band: '730 nm' },
  { name: 'IR', band: '860 nm' },
  { name: 'Far IR', band: '940 nm' },
] as const;

/** Levels of a mix that resembles sunlight, in the order of LED_CHANNELS. */
export const SUN_LEVELS: readonly number[] = [
  0.307, 0.619, 0.139, 0.084, 0.5, 0.416, 0.287, 0.213, 0.406, 0.5, 0.634, 0.901,
];

const values = z.array(lenientNumber);
const status = z
  .looseObject({
    connected: z.boolean(),
    driver: z.string().optional(),
    boards: z
      .array(z.looseObject({ address: z.number(), connected: z.boolean().default(true), values }))
      .optional(),
    values: values.optional(),
  })
  .transform(({ connected, driver, boards, values: only }) => ({
    connected,
    driver,
    boards: (boards ?? (only === undefined ? [] : [{ address: undefined, connected, values: only }])).map(
      (board): LedBoard => ({ address: board.address, connected: board.connected, values: board.values }),
    ),
  }));

/** Whether any channel is on, or may be. */
export function isLit({ values: levels }: LedBoard): boolean {
  return levels.some((level) => level !== 0);
}

/** The channels of a board that are on or may be, by name, 0 to 1; null where the instrument sent no number. */
export function litLevels(levels: LedBoard['values']): Record<string, number | null> {
  return Object.fromEntries(
    levels.flatMap((level, i) =>
      level === 0 ? [] : [[LED_CHANNELS[i]?.name ?? `#${i + 1}`, level ?? null] as const],
    ),
  );
}

/** "board 1: Deep Blue 0.5, Red 0.2" or "board 1: all off" */
export function describeBoard(board: LedBoard): string {
  const lit = board.values.flatMap((level, i) =>
    level === 0 ? [] : [`${LED_CHANNELS[i]?.name ?? `#${i + 1}`} ${level ?? 'unknown'}`],
  );
  const name = board.address === undefined ? 'board' : `board ${board.address}`;
  return `${name}${board.connected ? '' : ' (not connected)'}: ${isLit(board) ? lit.join(', ') : 'all off'}`;
}

const GetStatus = defineCommand({
  target: 'LED',
  name: 'GetStatus',
  title: 'LED status',
  description: 'Reads the LED boards: address, connected or not, levels of the 12 channels, 0 to 1.',
  kind: 'read',
  parameter: parameters({}),
  result: status,
  shows: ({ connected, boards }) => [{ type: 'leds', connected, boards }],
  summary: ({ connected, boards }) =>
    connected ? `LEDs: ${boards.map(describeBoard).join('; ')}.` : 'The LED controller is not connected.',
});

const CHANNEL_LIST = LED_CHANNELS.map(({ name, band }) => `${name} ${band}`).join(', ');

const SetValues = defineCommand({
  target: 'LED',
  name: 'SetValues',
  title: 'Set LED levels',
  description:
    'Sets all 12 LED channels of a board until changed: light on the sample, some invisible (UV 3 and 4, IR 11 and 12). Twelve zeros switch it off at once. set_light does it by name.',
  kind: 'actuate',
  parameter: parameters({
    address: z.int().min(0).max(255).optional().describe('Board, if there are several.'),
    values: z
      .array(z.number().min(0).max(1))
      .length(LED_CHANNELS.length)
      .describe(`Levels 0 to 1, in this order: ${CHANNEL_LIST}.`),
  }),
  result: acknowledgement,
  takesEnergyOut: ({ values: levels }) => levels.every((level) => level === 0),
  effects: ({ address, values: sent }) => {
    const levels = Array.isArray(sent) ? sent.map(numberOrNaN) : [Number.NaN];
    const board = typeof address === 'number' ? address : undefined;
    return [{ type: 'sets_leds', address: board, levels, on: levels.some((level) => level !== 0) }];
  },
  async prepare({ address, values: levels }, { read }) {
    if (address !== undefined) return { address, values: levels };
    const { boards } = await read(GetStatus);
    const [board, second] = boards;
    if (second !== undefined) {
      throw new InputError('there are several LED boards', {
        target: 'LED',
        command: 'SetValues',
        hint: `Give address, one of ${boards.map((b) => b.address).join(', ')}.`,
      });
    }
    return board?.address === undefined ? { values: levels } : { address: board.address, values: levels };
  },
  readBack: async ({ address, values: levels }, read) => {
    const { boards } = await read(GetStatus);
    const board = boards.find((candidate) => address === undefined || candidate.address === address);
    return differences({ levels }, { levels: board?.values });
  },
  summary: (_, { address, values: levels }) =>
    `Set ${describeBoard({ address, connected: true, values: levels })}.`,
});

export const ledCommands = { GetStatus, SetValues };
