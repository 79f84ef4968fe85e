import * as z from 'zod';
import { acknowledgement, defineCommand, parameters } from '../command.ts';
import { progressFraction } from '../progress.ts';
import { differences } from '../../text/differences.ts';
import { quote } from '../../text/quote.ts';
import { isKnownState, readRoutineStatus } from '../routine-status.ts';

const NONE = parameters({});
const record = z.record(z.string(), z.unknown());

/** Older software answers `{settings: {...}}`: the settings themselves are meant, also when sent back as they came. */
function settingsIn(data: Record<string, unknown>): Record<string, unknown> {
  const inner = record.safeParse(data['settings']);
  return inner.success && Object.keys(data).length === 1 ? inner.data : data;
}

/** ARKEO makes folders of user and device names on its Windows computer. */
const fileName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // A refinement and not a pattern: it would be listed with every measurement, and nobody reads it.
  .refine(
    (name) => /^[^\p{Cc}<>:"/\\|?*]*[^\p{Cc}<>:"/\\|?*.]$/u.test(name),
    'ARKEO makes a folder of it: no < > : " / \\ | ? *, no control characters, no dot at the end',
  );

const StartMeasurement = defineCommand({
  target: 'ROUTINE',
  name: 'StartMeasurement',
  title: 'Start the measurement',
  description:
    'Starts the open routine as it is set: voltage, light or current reach the sample. Only when Ready. Poll routine_get_test_status until Ready again, then routine_get_test_data.',
  kind: 'actuate',
  parameter: NONE,
  result: acknowledgement,
  effects: () => [{ type: 'starts', what: 'measurement' }],
  summary: () => 'The measurement is starting. Follow it with routine_get_test_status.',
});

const StopMeasurement = defineCommand({
  target: 'ROUTINE',
  name: 'StopMeasurement',
  title: 'Stop the measurement',
  description: 'Stops the running measurement at once; what was measured stays (routine_get_test_data).',
  kind: 'safety',
  parameter: NONE,
  result: acknowledgement,
  effects: () => [{ type: 'stops' }],
  summary: () => 'The measurement was told to stop. routine_get_test_status shows when it is Ready again.',
});

const CloseRoutine = defineCommand({
  target: 'ROUTINE',
  name: 'CloseRoutine',
  takesOver: true,
  title: 'Close the routine',
  description: 'Closes the open routine window; its data can then no longer be fetched.',
  kind: 'configure',
  parameter: NONE,
  result: acknowledgement,
  formerly: { target: 'MAIN', name: 'CloseRoutine' },
  effects: () => [{ type: 'closes_window' }],
  summary: () => 'The routine was told to close.',
});

const GetTestStatus = defineCommand({
  target: 'ROUTINE',
  name: 'GetTestStatus',
  title: 'Measurement status',
  description:
    'Tells state (Initializing, Ready, Starting, Running, Error) and progress of the open routine. A finished one is Ready again.',
  kind: 'read',
  parameter: NONE,
  result: z.unknown().transform(readRoutineStatus),
  formerly: { name: 'GetStatus' },
  shows: (status) => [{ type: 'status', status }],
  summary: ({ status, name, progress, error }) => {
    const fraction = progressFraction(progress);
    const parts = [
      `${name === undefined ? 'The routine' : quote(name)} is ${isKnownState(status) ? status : quote(status)}`,
    ];
    if (fraction !== undefined) parts.push(`${(100 * fraction).toFixed(1)} % done`);
    if (error !== undefined) parts.push(`error: ${quote(error)}`);
    return `${parts.join(', ')}.`;
  },
});

const GetSettings = defineCommand({
  target: 'ROUTINE',
  name: 'GetSettings',
  sentBackWhole: true,
  title: 'Read the settings',
  description:
    'Reads all settings of the open routine. Always before changing them: names differ between software versions.',
  kind: 'read',
  parameter: NONE,
  result: record.transform((data) => ({ settings: settingsIn(data) })),
  formerly: { name: 'LoadSettings' },
  shows: ({ settings }) => [{ type: 'settings', settings }],
  summary: () => 'Settings in force.',
});

const ApplySettings = defineCommand({
  target: 'ROUTINE',
  name: 'ApplySettings',
  title: 'Apply settings',
  description:
    'Writes the settings of the open routine and measures nothing. Send what routine_get_settings returned with values changed; unknown names are refused. Only while Ready.',
  kind: 'configure',
  parameter: parameters({
    settings: record.describe(
      'The settings object from routine_get_settings, with values changed. Units are in its names.',
    ),
  }),
  result: acknowledgement,
  prepare: ({ settings }) => Promise.resolve(settingsIn(settings)),
  readBack: async ({ settings }, read) =>
    differences(settingsIn(settings), (await read(GetSettings)).settings),
  effects: (settings) => [{ type: 'changes_settings', settings }],
  summary: () => 'The settings were accepted and read back.',
});

const GetTestData = defineCommand({
  target: 'ROUTINE',
  name: 'GetTestData',
  title: 'Fetch the data',
  description:
    'Fetches the data of the last measurement of the open routine; long data as a summary with some rows. `data` is as sent (JV rows labelled mA/cm² are A/cm²), scans and metrics are in true units.',
  kind: 'read',
  parameter: NONE,
  result: z.unknown(),
  timeoutMs: 40_000,
  summary: () => 'Data of the last measurement.',
});

const SetInfo = defineCommand({
  target: 'ROUTINE',
  name: 'SetInfo',
  title: 'Name user, device and area',
  description:
    'Says under which user, device name and area the next measurements are filed; otherwise as before. Give only what changes.',
  kind: 'configure',
  parameter: parameters({
    user_name: fileName.optional().describe('Files are kept under it.'),
    device_name: fileName.optional().describe('Sample or pixel.'),
    device_area: z.number().min(1e-6).max(1000).optional().describe('cm²; current densities use it.'),
  }).refine(
    (info) => Object.keys(info).length > 0,
    'give at least one of user_name, device_name, device_area',
  ),
  result: acknowledgement,
  prepare: (info, { userName }) =>
    Promise.resolve(userName === undefined ? info : { user_name: userName, ...info }),
  // If the area is a setting too, the setting changes with it.
  effects: ({ device_name: name, device_area: area }) => [
    {
      type: 'names_sample',
      deviceName: typeof name === 'string' ? name : undefined,
      areaCm2: typeof area === 'number' ? area : undefined,
    },
    { type: 'changes_settings_about', words: ['area', 'name', 'user'] },
  ],
  summary: (_, info) =>
    `The next measurement is filed with ${Object.entries(info)
      .map(([key, value]) => `${key} ${typeof value === 'string' ? quote(value) : `${String(value)} cm²`}`)
      .join(', ')}.`,
});

const ClearErrors = defineCommand({
  target: 'ROUTINE',
  name: 'ClearErrors',
  title: 'Clear errors',
  description: 'Takes the open routine out of Error. The reason first: routine_get_test_status.',
  kind: 'configure',
  parameter: NONE,
  result: acknowledgement,
  effects: () => [],
  summary: () => 'Errors were cleared. Check with routine_get_test_status.',
});

const GetCustomCommands = defineCommand({
  target: 'ROUTINE',
  name: 'GetCustomCommands',
  title: 'List custom commands',
  description: 'Lists the commands that only the open routine has.',
  kind: 'read',
  parameter: NONE,
  result: z.looseObject({
    CustomCommands: z.array(
      z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]),
    ),
  }),
  summary: ({ CustomCommands: names }) =>
    names.length === 0
      ? 'This routine has no custom commands.'
      : `Custom commands: ${names.map(quote).join(', ')}.`,
});

export const routineCommands = {
  GetTestStatus,
  GetSettings,
  ApplySettings,
  SetInfo,
  StartMeasurement,
  StopMeasurement,
  GetTestData,
  ClearErrors,
  CloseRoutine,
  GetCustomCommands,
};
