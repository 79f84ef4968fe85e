import * as z from 'zod';
import type { Column, Dataset, Quantity, Scan } from '../../science/dataset.ts';
import { findDecay } from '../../science/metrics/decay.ts';
import type { AnalysisContext } from '../../science/metrics/metric.ts';
import { analyseTransients, type TransientConditions } from '../../science/metrics/transient.ts';
import { acknowledgement, defineCommand, parameters } from '../command.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { tprSeconds } from './expected-duration.ts';
import { pointsProgress } from './points-progress.ts';
import { headings, rows, toColumns } from './read-columns.ts';
import { readInfo } from './read-info.ts';
import { readNumber, readSetting } from './read-setting.ts';
import type { RoutineDefinition } from './routine.ts';
import { tprForms } from './tpr-settings.ts';

/** s: LabVIEW gives a record whose time was never set 1 s per sample; no transient is sampled that slowly. */
const UNSET_SAMPLE_TIME = 1;

export const SetMode = defineCommand({
  target: 'ROUTINE',
  name: 'SetMode',
  routine: 'TPR',
  title: 'Choose TPV or TPC',
  description:
    'Chooses transient photovoltage (TPV, open circuit) or photocurrent (TPC, short circuit) in older software; where routine_get_settings shows `test`, set that. Only while Ready.',
  kind: 'configure',
  parameter: parameters({
    mode: z.enum(['TPV', 'TPC']),
  }),
  result: acknowledgement,
  onlyWhenIdle: true,
  effects: () => [{ type: 'changes_settings_about', words: ['test', 'mode'] }],
  summary: (_, { mode }) => `The next measurement is ${mode}.`,
});

const reply = z.looseObject({
  test: z.string().optional(),
  scans: z.array(
    z.looseObject({
      name: z.string().default(''),
      data_schema: headings.optional(),
      data_scheme: headings.optional(),
      columns: headings.optional(),
      data: rows,
      'dt (s)': lenientNumber,
      'rise_time (s)': lenientNumber,
      'fall_time (s)': lenientNumber,
    }),
  ),
  processed_schema: headings.optional(),
  processed_scheme: headings.optional(),
  processed_data: rows.optional(),
});
type Raw = z.output<typeof reply>;

function dataset(data: unknown): Dataset {
  const raw = reply.parse(data);
  const traces = raw.scans.map(toTrace);
  const notes = [...timeNotes(raw), ...(raw.test === 'TPC' ? turnToPhotocurrent(traces) : [])];
  return { routine: 'TPR', info: readInfo(data), scans: [...traces, ...processed(raw)], notes };
}

function toTrace(raw: Raw['scans'][number]): Scan {
  const columns = toColumns(raw.data_schema ?? raw.data_scheme ?? raw.columns ?? [], raw.data);
  const dt = raw['dt (s)'];
  const light = lenientNumber.parse(/^light\s*:\s*(.+)$/i.exec(raw.name)?.[1]);
  const seconds = (value: number | undefined): Quantity => ({ value: value ?? null, unit: 's' });
  return {
    label: raw.name,
    conditions: {
      ...(light === undefined ? {} : { light: { value: light, unit: '' } }),
      dt: seconds(dt),
    },
    columns: usable(dt) ? [timeColumn(dt, raw.data.length), ...columns] : columns,
    reported: { rise_time: seconds(raw['rise_time (s)']), fall_time: seconds(raw['fall_time (s)']) },
  };
}

function usable(dt: number | undefined): dt is number {
  return dt !== undefined && dt > 0 && dt < UNSET_SAMPLE_TIME;
}

function timeColumn(dt: number, count: number): Column {
  return { name: 'Time', unit: 'µs', values: Array.from({ length: count }, (_, i) => i * dt * 1e6) };
}

function timeNotes({ scans }: Raw): string[] {
  const without = scans.filter((scan) => !usable(scan['dt (s)'])).length;
  return without === 0
    ? []
    : [
        `dt is missing, 0 or LabVIEW's unset 1 s in ${without} of ${scans.length} scans: they have no time axis`,
      ];
}

/** Software plots photocurrents as negative; here they are positive. */
function turnToPhotocurrent(traces: readonly Scan[]): string[] {
  const currents = traces.flatMap(({ columns }) => columns.filter(({ name }) => name === 'Current'));
  const steps = currents.map(({ values }) => findDecay(values.filter((value) => value !== null))?.step ?? 0);
  if (steps.filter((step) => step < 0).length <= steps.filter((step) => step > 0).length) return [];
  for (const current of currents) {
    current.values = current.values.map((value) => (value === null || value === 0 ? value : -value));
  }
  return ['the photocurrent was sent as negative; all currents were turned to photocurrent > 0'];
}

/** The instrument's table of results, as it is. */
function processed({ processed_schema, processed_scheme, processed_data }: Raw): Scan[] {
  const head = processed_schema ?? processed_scheme;
  if (head === undefined) return [];
  return [
    { label: 'processed', conditions: {}, columns: toColumns(head, processed_data ?? []), reported: {} },
  ];
}

function conditionsOf({ settings, temperatureC }: AnalysisContext): TransientConditions {
  const pulse = (name: string): number | undefined =>
    readNumber(settings, ['output_settings', 'pulse', name]);
  const [duration, points] = [pulse('duration'), pulse('points')];
  const test = readSetting(settings, ['test']);
  return {
    quantity: test === 'TPV' ? 'voltage' : test === 'TPC' ? 'current' : undefined,
    sampleTime: duration === undefined || points === undefined || points <= 0 ? undefined : duration / points,
    temperatureC,
  };
}

export const tpr: RoutineDefinition = {
  name: 'TPR',
  aliases: ['TPV', 'TPC', 'TPV/TPC', 'Transient Photo Response'],
  title: 'Transient photovoltage and photocurrent',
  measures:
    'The answer to a small light pulse on a steady light, averaged, at each of a ramp of levels. TPV, at open circuit: the recombination lifetime against the voltage. TPC, at short circuit: the extracted charge and how fast it leaves.',
  lifecycle: 'finite',
  settings: tprForms,
  progress: (progress) => pointsProgress(progress, { member: 'light', name: 'Light', unit: '' }, 'levels'),
  dataset,
  analyse: (data, context) => analyseTransients(data, conditionsOf(context)),
  columns: [
    { name: 'Time', unit: 'µs', meaning: 'From the start of the record; absent where dt is not usable.' },
    { name: 'Voltage', unit: 'V', meaning: 'The transient in TPV.' },
    { name: 'Current', unit: 'A', meaning: 'The transient in TPC; positive when the cell generates.' },
    {
      name: 'Recombination Time',
      unit: 's',
      meaning: 'TPV, scan "processed": the instrument’s, by Voltage.',
    },
    { name: 'Charge', unit: 'C', meaning: 'TPC, scan "processed": the instrument’s, by Current Density.' },
  ],
  commands: [SetMode],
  duration: 'levels × (averaging × duration + step_delay): about 21 s with the usual settings',
  expectedSeconds: tprSeconds,
  pitfalls: [
    'A perturbation above 20 mV: the decay is no single exponential; bring bias nearer to 1.',
    'Fewer than 5 samples per lifetime: shorten the duration. 2 ms in 1000 points resolves 10 µs at best.',
    'Less than 5 lifetimes recorded after the pulse: lengthen the duration.',
    'Times that follow R·C (small area, high series resistance, low light) say nothing of recombination or transport.',
    'Ringing, an input that loads the cell, ambient light: the voltage before the pulse is not Voc.',
  ],
};
