import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { count } from '../measurement/arguments/numbers.ts';
import { describeBoard, LED_CHANNELS } from '../instrument/commands/led.ts';
import { systemClock } from '../clock.ts';
import { applyLight, differing } from '../conditions/light.ts';
import { lightLevels } from '../conditions/light-levels.ts';
import { defineTool } from './define-tool.ts';

const UV = LED_CHANNELS.flatMap(({ name }, i) => (name.includes('UV') ? [i] : []));
const level = z.number().min(0).max(1);

export const setLightTool = defineTool({
  name: 'set_light',
  title: 'Set the light',
  description:
    'Lights the sample with the 12-channel LED board until changed: preset, channels or wavelengths. Channels not named go off. Not during a measurement, except off.',
  kind: 'actuate',
  toolset: 'workflow',
  input: parameters({
    preset: z.enum(['sun', 'off']).optional().describe('sun: resembles sunlight.'),
    level: level.optional().describe('Of sun; 1 by default.'),
    channels: z
      .record(z.string(), level)
      .optional()
      .describe(`Levels by name, 0 to 1: ${LED_CHANNELS.map(({ name }) => name).join(', ')}.`),
    wavelengths: z
      .record(z.string().regex(/^\d+(\.\d+)?$/, 'a wavelength in nm, such as "455"'), level)
      .optional()
      .describe('By nm, e.g. {"455": 0.5}: the nearest channel.'),
    address: count(255, 0).optional().describe('If there are several.'),
  }),
  output: z.strictObject({
    requested: z.array(z.number()).describe('Levels 0 to 1, 12 channels in the order of led_set_values.'),
    boards: z.array(
      z.strictObject({ address: z.number().nullable(), applied: z.array(z.number().nullable()) }),
    ),
    as_asked: z.boolean(),
    warnings: z.array(z.string()),
    simulated: z.boolean(),
  }),
  takesEnergyOut: ({ preset }) => preset === 'off',
  async run({ address, wavelengths, ...light }, { connection, client, signal }) {
    const request = {
      ...light,
      wavelengths:
        wavelengths && Object.entries(wavelengths).map(([nm, at]) => ({ nm: Number(nm), level: at })),
    };
    const send = { signal, epoch: connection.epoch };
    const { levels, notes } = lightLevels(request);
    const boards = await applyLight(levels, address, { connection, client, send, clock: systemClock });
    const otherwise = boards.flatMap((board) => differing(levels, board));
    const on = levels.some((asked) => asked > 0);
    const warnings = [
      ...otherwise.map((line) => `NOT AS ASKED: ${line}`),
      ...(UV.some((i) => levels[i] !== 0) ? ['UV is on: it harms eyes and some samples'] : []),
    ];
    const lines = [
      ...(otherwise.length > 0 ? [`ACCEPTED, BUT NOT AS ASKED: ${otherwise.join('; ')}.`] : []),
      `Read back: LED ${boards.map(describeBoard).join('; LED ')}.`,
      ...notes.map((note) => `${note}.`),
      ...(on
        ? [
            'Channels not named are off. The LEDs stay on until set_light with preset "off" or safe_shutdown.',
            'JV switches light with its own settings: light.Source "External" leaves these LEDs to you.',
            'These are levels of the board; what reaches the sample is not measured.',
          ]
        : []),
      ...warnings.slice(otherwise.length).map((warning) => `Warning: ${warning}.`),
    ];
    return {
      text: lines.join('\n'),
      structured: {
        requested: [...levels],
        boards: boards.map((board) => ({
          address: board.address ?? null,
          applied: board.values.map((value) => value ?? null),
        })),
        as_asked: otherwise.length === 0,
        warnings,
        simulated: typeof connection.status().simulator === 'string',
      },
    };
  },
});
