import * as z from 'zod';
import type { Dataset } from '../../science/dataset.ts';
import type { AnalysisContext } from '../../science/metrics/metric.ts';
import { analyseResistivity, type ResistivityConditions } from '../../science/metrics/resistivity.ts';
import { acknowledgement, defineCommand, parameters } from '../command.ts';
import { numberOrNaN } from '../effects.ts';
import { liveScan } from './generic-dataset.ts';
import { readInfo } from './read-info.ts';
import { readNumber } from './read-setting.ts';
import type { RoutineDefinition } from './routine.ts';
import { setting } from './setting.ts';

const positive = z.number().positive();

const newest = z.looseObject({
  acquisition: z.looseObject({
    'V limit': setting(positive.max(60), 'V', 10, 'The current is reduced where it would take more voltage.'),
  }),
  device_dimension: z.looseObject({
    'Film Thickness (um)': setting(positive, 'µm', 100, 'Of the conducting film; the resistivity uses it.'),
    'Length (mm)': setting(positive, 'mm', 100, 'Of the film; corrects for its edges.'),
    'Width (mm)': setting(positive, 'mm', 25, 'Of the film; corrects for its edges.'),
  }),
});

/** Older software has no settings: SetDeviceDimensions instead. */
const earlier = z.looseObject({});

export const ApplyCurrent = defineCommand({
  target: 'ROUTINE',
  routine: 'Resistivity',
  name: 'ApplyCurrent',
  title: 'Set the probe current',
  description:
    'Sets the current of Resistivity, before or during a measurement. It can burn a thin film: rise from 1e-7 A until the sheet resistance stays the same; stop when it changes again.',
  kind: 'actuate',
  parameter: parameters({
    current: z.number().min(1e-9).max(0.1).describe('A.'),
  }),
  result: acknowledgement,
  effects: ({ current }) => [{ type: 'sets_output', output: 'probe_current', value: numberOrNaN(current) }],
  summary: (_, { current }) => `Probe current set to ${current} A.`,
});

export const SetDeviceDimensions = defineCommand({
  target: 'ROUTINE',
  routine: 'Resistivity',
  name: 'SetDeviceDimensions',
  title: 'Set the film dimensions (older software)',
  description:
    'Tells Resistivity the dimensions of the film. Only where routine_get_settings has no device_dimension.',
  kind: 'configure',
  parameter: parameters({
    thickness: positive.max(1e4).describe('µm.'),
    length: positive.max(1000).describe('mm.'),
    width: positive.max(1000).describe('mm.'),
  }),
  result: acknowledgement,
  effects: () => [{ type: 'changes_settings_about', words: ['dimension', 'thickness', 'length', 'width'] }],
  summary: (_, { thickness, length, width }) =>
    `Film dimensions set: ${length} mm × ${width} mm, ${thickness} µm thick.`,
});

/** The instrument's headings in the field's terms. */
function columnName(heading: string): string {
  if (!/sheet\s+resistance/i.test(heading)) return heading;
  return /corrected/i.test(heading) ? 'Corrected sheet resistance' : 'Sheet resistance';
}

const reply = z.unknown().transform((data, context): Dataset => {
  const live = liveScan(data, 'latest point');
  const columns = (live?.columns ?? []).map((one) => ({ ...one, name: columnName(one.name) }));
  const isEmpty = z.strictObject({}).nullish().safeParse(data).success;
  if (!isEmpty && !['Voltage', 'Current'].every((name) => columns.some((one) => one.name === name))) {
    context.addIssue('there is no "Voltage (V)" and "Current (A)" in it');
    return z.NEVER;
  }
  return {
    routine: 'Resistivity',
    info: readInfo(data),
    scans: live === undefined ? [] : [{ ...live, columns }],
    notes: [],
  };
});

function conditionsOf({ settings }: AnalysisContext): ResistivityConditions {
  const numberAt = (...path: string[]): number | undefined => readNumber(settings, path);
  return {
    thicknessUm: numberAt('device_dimension', 'Film Thickness (um)'),
    lengthMm: numberAt('device_dimension', 'Length (mm)'),
    widthMm: numberAt('device_dimension', 'Width (mm)'),
    voltageLimit: numberAt('acquisition', 'V limit'),
  };
}

export const resistivity: RoutineDefinition = {
  name: 'Resistivity',
  aliases: ['4-Point Probe', 'Four Point Probe', 'Sheet Resistance'],
  title: 'Four-point sheet resistance',
  measures:
    'The voltage between the inner two of four probes in a line while a current flows through the outer two, live: sheet resistance without the contacts and, with the thickness, resistivity. ApplyCurrent sets the current; raise it until the resistance stays the same.',
  lifecycle: 'until_stopped',
  settings: [
    { name: 'newest', schema: newest },
    { name: 'earlier: no settings, SetDeviceDimensions instead', schema: earlier },
  ],
  // No progress is documented.
  progress: () => undefined,
  dataset: (data) => reply.parse(data),
  analyse: (dataset, context) => analyseResistivity(dataset, conditionsOf(context)),
  columns: [
    { name: 'Voltage', unit: 'V', meaning: 'Between the inner probes.' },
    { name: 'Current', unit: 'A', meaning: 'Through the outer probes, as measured.' },
    { name: 'Sheet resistance', unit: 'Ω/□', meaning: '(π/ln2)·V/I, by the instrument.' },
    {
      name: 'Corrected sheet resistance',
      unit: 'Ω/□',
      meaning: "With the instrument's correction for the dimensions.",
    },
  ],
  commands: [ApplyCurrent, SetDeviceDimensions],
  duration: 'runs until it is stopped; GetTestData holds only the latest point, so read it at each current',
  pitfalls: [
    'No current, or NaN: no current was applied with ApplyCurrent, or a probe does not touch.',
    'The resistance falls or rises with the current at the low end: thermoelectric offset, contacts that are not ohmic.',
    'It drifts at the high end: the current heats the film.',
    'The voltage stays at V limit: bad contact, or too much current for the film.',
    'Small samples: the correction depends on the probe spacing, which is not a setting; 1 mm is assumed here.',
    'Light changes the conductivity of perovskite films: measure covered.',
  ],
};
