import * as z from 'zod';
import type { Dataset } from '../../science/dataset.ts';
import { analyseContact, type ContactConditions } from '../../science/metrics/connection-test.ts';
import type { AnalysisContext } from '../../science/metrics/metric.ts';
import { acknowledgement, defineCommand, parameters } from '../command.ts';
import { numberOrNaN } from '../effects.ts';
import { liveScan } from './generic-dataset.ts';
import { readInfo } from './read-info.ts';
import { readNumber } from './read-setting.ts';
import type { RoutineDefinition } from './routine.ts';
import { setting } from './setting.ts';

const positive = z.number().positive();

const settings = z.looseObject({
  'Device Name': setting(z.string(), '', 'SMU', 'Source-measure unit.'),
  Device_General: z.looseObject({
    Mode: setting(
      z.string(),
      '',
      'Constant Voltage',
      'Constant Voltage or Constant Current: whether SetOutput is in V or A. Only the first is documented word for word.',
    ),
    'Sample Rate (S/s)': setting(positive, '1/s', 10, 'Readings per second.'),
    Autorange: setting(z.boolean(), '', true, 'Choose the current range by the current.'),
  }),
  Device_Specific: z.looseObject({
    'Current limit (A)': setting(
      positive.max(1),
      'A',
      0.01,
      'About twice the photocurrent protects a cell; a short ends here.',
    ),
    'Voltage Limit (V)': setting(
      positive.max(60),
      'V',
      6,
      'For constant current; 1.5 V protects a single-junction cell.',
    ),
  }),
});

export const SetOutput = defineCommand({
  target: 'ROUTINE',
  routine: 'Connection Test',
  name: 'SetOutput',
  title: 'Set voltage or current',
  description:
    'Sets what Connection Test applies to the cell while it runs: V or A, by its mode (routine_get_settings). Too much destroys a cell: -0.2 to 1.3 V for a single junction.',
  kind: 'actuate',
  parameter: parameters({
    output: z.number().min(-60).max(60).describe('V or A; 0 is short circuit or no current.'),
  }),
  result: acknowledgement,
  takesEnergyOut: ({ output }) => output === 0,
  effects: ({ output }) => [{ type: 'sets_output', output: 'output', value: numberOrNaN(output) }],
  summary: (_, { output }) =>
    `Output set to ${output}, in V or A by the mode; it takes effect only while the test runs.`,
});

const reply = z.unknown().transform((data, context): Dataset => {
  const live = liveScan(data, 'latest point');
  const isEmpty = z.strictObject({}).nullish().safeParse(data).success;
  const has = (name: string): boolean => live?.columns.some((one) => one.name === name) === true;
  if (!isEmpty && !(has('Voltage') && has('Current'))) {
    context.addIssue('there is no "Voltage (V)" and "Current (A)" in it');
    return z.NEVER;
  }
  return {
    routine: 'Connection Test',
    info: readInfo(data),
    scans: live === undefined ? [] : [live],
    notes: [],
  };
});

function conditionsOf({ settings: inForce }: AnalysisContext): ContactConditions {
  const limit = (name: string): number | undefined => readNumber(inForce, ['Device_Specific', name]);
  return { currentLimit: limit('Current limit (A)'), voltageLimit: limit('Voltage Limit (V)') };
}

export const connectionTest: RoutineDefinition = {
  name: 'Connection Test',
  aliases: ['Connection', 'Contact Test'],
  title: 'Live voltage and current',
  measures:
    'Voltage and current at a constant output, live: whether the probes touch, and whether a pixel is shorted, open or badly contacted. Also holds a cell at a voltage while something else happens. Start it, then set 0.1 V, then about 0.1 V beyond Voc, and read each.',
  lifecycle: 'until_stopped',
  settings: [{ name: 'newest', schema: settings }],
  // No progress is documented.
  progress: () => undefined,
  dataset: (data) => reply.parse(data),
  analyse: (dataset, context) => analyseContact(dataset, conditionsOf(context)),
  columns: [
    { name: 'Voltage', unit: 'V', meaning: 'As measured: below the set voltage at the current limit.' },
    {
      name: 'Current',
      unit: 'A',
      meaning: 'Its sign is not documented; taken as in JV, positive when the cell generates.',
    },
  ],
  commands: [SetOutput],
  duration: 'runs until it is stopped; GetTestData holds only the latest point',
  pitfalls: [
    'SetOutput before the start has no effect: start, then set.',
    'At 0 V in the light a short and a good cell look alike; a voltage tells them apart.',
    'A series resistance shows only where the cell conducts, about 0.1 V beyond Voc.',
    'Current at its limit: a short, or a limit below the photocurrent.',
    'Voltage at its limit in Constant Current: an open contact, or current against the junction.',
    'No current on one pixel only: another relay is closed.',
  ],
};
