import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { count } from '../measurement/arguments/numbers.ts';
import { LED_CHANNELS, litLevels } from '../instrument/commands/led.ts';
import { systemClock } from '../clock.ts';
import { applyLight, differing } from '../conditions/light.ts';
import { lightLevels } from '../conditions/light-levels.ts';
import { answerForm } from './answer/answer-form.ts';
import { eachBoard, ledBoard, ledLevels, levelsOf } from './answer/condition-tellings.ts';
import { flag } from './answer/tellings.ts';
import { defineTool } from './define-tool.ts';

const UV = LED_CHANNELS.flatMap(({ name }, i) => (name.includes('UV') ? [i] : []));
const WHILE_ON = [
  'channels not named are off; the LEDs stay on until set_light with preset "off" or safe_shutdown',
  'JV switches light with its own settings: light_source external leaves these LEDs to you',
  'these are levels of the board; the light that reaches the sample is not measured',
];
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
  output: answerForm(
    {
      boards: z.array(ledBoard).describe('Read back.'),
      requested: ledLevels,
      as_asked: z.boolean(),
    },
    { boards: eachBoard, requested: levelsOf('requested'), as_asked: flag('as asked', 'NOT AS ASKED') },
  ),
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
    return {
      said: {
        boards: boards.map(({ address: at, values }) => ({ board: at ?? null, levels: litLevels(values) })),
        requested: litLevels([...levels]),
        as_asked: otherwise.length === 0,
        alarms: otherwise.map((line) => `the light is not as asked: ${line}`),
        warnings: UV.some((i) => levels[i] !== 0) ? ['UV is on: it harms eyes and some samples'] : [],
        notes: [...notes, ...(on ? WHILE_ON : [])],
        simulated: typeof connection.status().simulator === 'string',
      },
    };
  },
});
