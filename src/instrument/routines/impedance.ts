import * as z from 'zod';
import type { Column, Dataset, Quantity, Scan } from '../../science/dataset.ts';
import { analyseImpedance, type ImpedanceConditions } from '../../science/metrics/impedance.ts';
import type { AnalysisContext } from '../../science/metrics/metric.ts';
import { normaliseUnit } from '../../science/units.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { impedanceSeconds } from './expected-duration.ts';
import { impedanceForms } from './impedance-settings.ts';
import { pointsProgress } from './points-progress.ts';
import { headings, rows, toColumns } from './read-columns.ts';
import { readInfo } from './read-info.ts';
import { readNumber, readSetting } from './read-setting.ts';
import type { RoutineDefinition } from './routine.ts';

/** The instrument's column names in the field's terms. */
const NAMES: Readonly<Record<string, string>> = {
  Impedance_Re: 'Re Z',
  Impedance_Im: 'Im Z',
  Magnitude: '|Z|',
};
/** Hz: the output of the slow probes is trusted up to here. */
const SMU_LIMIT = 10_000;

const outputs = z
  .looseObject({ unit: z.string().default(''), values: z.array(lenientNumber).default([]) })
  .optional();
const reply = z.looseObject({
  output_values: z.looseObject({ light: outputs, offset: outputs }).optional(),
  data_columns: headings.optional(),
  columns: headings.optional(),
  data_schema: headings.optional(),
  scans: z.array(
    z.looseObject({
      iteration: z.looseObject({ light: lenientNumber, offset: lenientNumber }).optional(),
      data: rows,
    }),
  ),
});

function dataset(data: unknown): Dataset {
  const { output_values: values, data_columns, columns, data_schema, scans: raw } = reply.parse(data);
  const head = data_columns ?? columns ?? data_schema ?? [];
  const scans = raw.map(({ iteration, data: cells }): Scan => {
    const [light, offset] = [iteration?.light ?? 0, iteration?.offset ?? 0];
    return {
      label: `light:${light} offset:${offset}`,
      conditions: { light: valueAt(values?.light, light, ''), offset: valueAt(values?.offset, offset, 'V') },
      columns: toColumns(head, cells).map(repaired),
      reported: {},
    };
  });
  const coulombs = head.some(({ name, unit }) => name === 'Capacitance' && unit === 'C');
  return {
    routine: 'Impedance',
    info: readInfo(data),
    scans,
    notes: [
      ...(coulombs ? ['capacitances are labelled C, which would be coulomb; they are in F'] : []),
      ...capacitanceNotes(scans),
    ],
  };
}

/** Looks up the value that an iteration's index stands for. */
function valueAt(output: z.output<typeof outputs>, index: number, unit: string): Quantity {
  return { value: output?.values[index] ?? null, unit: normaliseUnit(output?.unit ?? unit) };
}

function repaired({ name, unit, values }: Column): Column {
  return {
    name: NAMES[name] ?? name,
    unit: name === 'Capacitance' && unit === 'C' ? 'F' : unit,
    // Text such as "-0.00" reads as a negative zero.
    values: values.map((value) => (value === 0 ? 0 : value)),
  };
}

function capacitanceNotes(scans: readonly Scan[]): string[] {
  const valuesOf = (name: string): (number | null)[] =>
    scans.flatMap(({ columns }) => columns.find((column) => column.name === name)?.values ?? []);
  const [capacitances, reactances] = [valuesOf('Capacitance'), valuesOf('Im Z')];
  const infinite = capacitances.filter((value, i) => value === null && reactances[i] === 0).length;
  const lost = capacitances.filter((value, i) => value === 0 && (reactances[i] ?? 0) !== 0).length;
  return [
    ...(infinite > 0
      ? [`${infinite} capacitances are infinite, because Im Z is 0, and count as missing`]
      : []),
    ...(lost > 0 ? [`${lost} capacitances were sent as 0.00 F: take them from Im Z or the fit`] : []),
  ];
}

/** The forms differ in where things are; the older one is that of the slow SMU. */
function conditionsOf({ settings, temperatureC }: AnalysisContext): ImpedanceConditions {
  const numberAt = (...path: string[]): number | undefined => readNumber(settings, path);
  const newest = readSetting(settings, ['config']) !== undefined;
  const source = readSetting(settings, ['instrument']);
  const slow = newest ? typeof source === 'string' && /smu/i.test(source) : settings !== undefined;
  return {
    amplitude: newest ? numberAt('config', 'frequency', 'Amplitude (V)') : numberAt('Freq', 'Amplitude'),
    periods: newest ? numberAt('config', 'frequency', 'Periods') : numberAt('Freq', 'Periods'),
    sourceLimit: slow ? SMU_LIMIT : undefined,
    temperatureC,
  };
}

export const impedance: RoutineDefinition = {
  name: 'Impedance',
  aliases: ['EIS', 'Impedance Spectroscopy'],
  title: 'Impedance spectrum',
  measures:
    'Complex resistance Z = V/I against frequency, by a small sine on a bias voltage, at every offset under every light level. Each process shows as an arc: series resistance at high frequency, recombination or transport resistance and capacitance from the arcs, ions at low frequency.',
  lifecycle: 'finite',
  settings: impedanceForms,
  progress: (progress) =>
    pointsProgress(progress, { member: 'frequency', name: 'Frequency', unit: 'Hz' }, 'points'),
  dataset,
  analyse: (data, context) => analyseImpedance(data, conditionsOf(context)),
  columns: [
    { name: 'Frequency', unit: 'Hz', meaning: 'As measured; it differs from what was asked for.' },
    { name: 'Re Z', unit: 'Ω', meaning: 'Real part.' },
    { name: 'Im Z', unit: 'Ω', meaning: 'Imaginary part; negative for a capacitor.' },
    { name: '|Z|', unit: 'Ω', meaning: 'Magnitude.' },
    { name: 'Phase', unit: '°', meaning: 'Negative for a capacitor.' },
    { name: 'Capacitance', unit: 'F', meaning: '−1/(2πf·Im Z); missing where Im Z is 0.' },
  ],
  commands: [],
  duration:
    'Σ periods/f for every offset and light level: 0.2 s from 200 Hz to 10 kHz, 92 s from 1 kHz to 1 Hz (40 points, 15 periods), minutes to 0.1 Hz',
  expectedSeconds: impedanceSeconds,
  pitfalls: [
    'All zeros or a huge |Z|: no contact.',
    'Amplitude above 20 mV: not a small signal, resistances come out too low.',
    'An arc that does not close: measure to lower or higher frequencies.',
    'The SMU is slow above 10 kHz; MHz needs the fast probes.',
    'Im Z above 0: wiring inductance beyond 100 kHz, an inductive loop at low frequency.',
    'Noise and bends at low frequency: the cell drifts; light or temperature is not stable.',
  ],
};
