import * as z from 'zod';
import { acknowledgement, type Command, defineCommand, parameters } from '../command.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { quote } from '../../text/quote.ts';
import { plainText } from '../../text/plain-text.ts';

const IPCE = { target: 'ROUTINE', routine: 'IPCE' } as const;

const SetShutter = defineCommand({
  ...IPCE,
  name: 'SetShutter',
  title: 'Lamp shutter',
  description:
    'Opens (light on the sample) or closes the shutter of the monochromator. Only when idle: it would end a measurement.',
  kind: 'actuate',
  onlyWhenIdle: true,
  parameter: parameters({ shutter_status: z.boolean().describe('true opens.') }),
  result: acknowledgement,
  timeoutMs: 30_000,
  takesEnergyOut: ({ shutter_status: open }) => !open,
  effects: ({ shutter_status: open }) => [{ type: 'sets_shutter', open: open !== false }],
  summary: (_, { shutter_status: open }) => `The shutter was told to ${open ? 'open' : 'close'}.`,
});

const SetWavelength = defineCommand({
  ...IPCE,
  name: 'SetWavelength',
  title: 'Move the monochromator',
  description:
    'Drives the monochromator, grating and filter to a wavelength. Only when idle: it would end a measurement.',
  kind: 'actuate',
  onlyWhenIdle: true,
  parameter: parameters({
    wavelength: z.number().min(200).max(2500).describe('nm.'),
  }),
  result: acknowledgement,
  timeoutMs: 45_000,
  effects: () => [],
  summary: (_, { wavelength }) =>
    `The monochromator was sent to ${wavelength} nm. ipce_get_monochromator_status shows where it is.`,
});

const StartCalibration = defineCommand({
  ...IPCE,
  name: 'StartCalibration',
  title: 'Calibrate the lamp',
  description:
    'Measures the lamp and OVERWRITES the calibration on which every later EQE rests. Only when a person has put the reference photodiode in place of the sample and the lamp has been on for 20 min. Only when idle; then wait for Ready.',
  kind: 'actuate',
  onlyWhenIdle: true,
  parameter: parameters({
    path: plainText(500).optional().describe("File on the ARKEO's computer; usually left out."),
  }),
  result: acknowledgement,
  timeoutMs: 45_000,
  effects: () => [{ type: 'starts', what: 'calibration' }],
  summary: () =>
    'The lamp calibration was started and replaces the one before. Wait for Ready: routine_get_test_status.',
});

const GetChopperFrequency = defineCommand({
  ...IPCE,
  name: 'GetChopperFrequency',
  title: 'Chopper frequency',
  description: 'Reads the frequency of the light chopper, Hz.',
  kind: 'read',
  parameter: parameters({}),
  result: z.looseObject({ frequency: lenientNumber }),
  summary: ({ frequency }) =>
    frequency === undefined ? 'The chopper frequency is not known.' : `The chopper runs at ${frequency} Hz.`,
});

const position = z.union([z.number(), z.string()]).nullish();
/** nm; the last edge of the documented filters is Infinity, which reads as null. */
const edges = z.array(lenientNumber.transform((edge) => edge ?? null));

const GetMonochromatorStatus = defineCommand({
  ...IPCE,
  name: 'GetMonochromatorStatus',
  title: 'Monochromator status',
  description: 'Reads wavelength, shutter, filter, grating and where these change, nm. Moves nothing.',
  kind: 'read',
  parameter: parameters({}),
  result: z.looseObject({
    type: z.string().optional(),
    connected: z.boolean().optional(),
    wavelength: lenientNumber,
    shutter: z.union([z.string(), z.boolean()]).nullish(),
    filter: position,
    grating: position,
    config: z.looseObject({ fltrwave: edges.optional(), gratwave: edges.optional() }).optional(),
  }),
  shows: ({ shutter }) => [{ type: 'shutter', open: isShutterOpen(shutter) }],
  summary: ({ connected, type, wavelength, shutter, filter, grating }) => {
    if (connected === false) return 'The monochromator is not connected.';
    const words = [
      ...(wavelength === undefined ? [] : [`at ${wavelength} nm`]),
      ...(shutter === undefined || shutter === null ? [] : [`shutter ${shutterWord(shutter)}`]),
      ...(filter === undefined || filter === null ? [] : [`filter ${shown(filter)}`]),
      ...(grating === undefined || grating === null ? [] : [`grating ${shown(grating)}`]),
    ];
    return `${type === undefined ? 'Monochromator' : quote(type)}: ${words.join(', ')}.`;
  },
});

/** Whether the shutter is open, as GetMonochromatorStatus words it; undefined where that does not say. */
export function isShutterOpen(shutter: unknown): boolean | undefined {
  if (typeof shutter === 'boolean') return shutter;
  if (typeof shutter !== 'string') return undefined;
  if (/clos|shut/i.test(shutter)) return false;
  return /open/i.test(shutter) ? true : undefined;
}

function shutterWord(shutter: string | boolean): string {
  if (typeof shutter === 'string') return quote(shutter);
  return shutter ? 'open' : 'closed';
}

function shown(value: number | string): string {
  return typeof value === 'string' ? quote(value) : String(value);
}

/** The custom commands of IPCE, in the order of its GetCustomCommands. */
export const ipceCommands = {
  SetShutter,
  SetWavelength,
  StartCalibration,
  GetChopperFrequency,
  GetMonochromatorStatus,
} satisfies Record<string, Command>;
