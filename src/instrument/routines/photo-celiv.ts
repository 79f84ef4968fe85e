import * as z from 'zod';
import { type Dataset, directionOf, type Scan } from '../../science/dataset.ts';
import { analyseCeliv } from '../../science/metrics/celiv.ts';
import type { CelivConditions } from '../../science/metrics/celiv-result.ts';
import { rampTimes } from '../../science/metrics/celiv-transient.ts';
import type { AnalysisContext } from '../../science/metrics/metric.ts';
import { scaleBetween } from '../../science/units.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { photoCelivSeconds } from './expected-duration.ts';
import { newest, older } from './photo-celiv-settings.ts';
import { pointsBetween } from './points-between.ts';
import { headings, rows, toColumns } from './read-columns.ts';
import { readInfo } from './read-info.ts';
import { readParameters } from './read-parameters.ts';
import { readNumber, readSetting } from './read-setting.ts';
import { progressFraction, routineProgress } from '../progress.ts';
import type { RoutineDefinition } from './routine.ts';

const PARAMETERS = {
  delay: [],
  t_max: ['tmax'],
  delta_j: ['deltaJ', 'dJ'],
  j0: [],
  ramp_rate: ['A'],
  mobility: [],
} as const;

const reply = z.looseObject({
  delay: z.looseObject({ value: lenientNumber, unit: z.string().default('s') }).optional(),
  data_scheme: headings.optional(),
  data_schema: headings.optional(),
  data: rows,
  parameters: z.unknown().optional(),
});

/** One delay: the latest of the run. */
function dataset(data: unknown): Dataset {
  const raw = reply.parse(data);
  const reported = readParameters(raw.parameters, undefined, PARAMETERS);
  const result = { routine: 'Photo-CELIV', info: readInfo(data) };
  if (raw.data.length === 0) return { ...result, scans: [], notes: [] };

  const sent = raw.delay?.value;
  const delay =
    sent === undefined
      ? reported['delay']?.value
      : sent * (scaleBetween(raw.delay?.unit.trim() ?? 's', 's') ?? 1);
  const columns = toColumns(raw.data_scheme ?? raw.data_schema ?? [], raw.data);
  const values = (name: string): (number | null)[] => columns.find((c) => c.name === name)?.values ?? [];
  const notes: string[] = [];
  const times = rampTimes(values('Voltage'), Math.abs(reported['ramp_rate']?.value ?? 0));
  if (times !== undefined) {
    columns.push({ name: 'Time', unit: 's', values: times });
    notes.push('no times are sent: Time is computed from the ramp, for evenly spaced rows');
  }
  if (values('Current').reduce<number>((sum, current) => sum + (current ?? 0), 0) < 0) {
    notes.push('the currents are negative and kept as sent; in the metrics, extraction is positive');
  }
  const scan: Scan = {
    label: typeof delay === 'number' ? `delay ${Number((delay * 1e6).toPrecision(9))} µs` : 'unknown delay',
    direction: times === undefined ? undefined : directionOf(values('Voltage')),
    conditions: typeof delay === 'number' ? { delay: { value: delay, unit: 's' } } : {},
    columns,
    reported,
  };
  return { ...result, scans: [scan], notes };
}

function conditionsOf({ settings, areaCm2 }: AnalysisContext): CelivConditions {
  const numberAt = (...path: string[]): number | undefined => readNumber(settings, path);
  const delayAt = (name: string): number | undefined => numberAt('output', 'Pulse Delay', name);
  const limitAt = (name: string): number | undefined => numberAt('instrument', 'config', name, 'value');
  const slow = readSetting(settings, ['instrument', 'type']) === 'Slow';
  return {
    thickness: numberAt('device_thickness_m'),
    rampStart: numberAt('output', 'V Ramp', 'Start (V)'),
    rampEnd: numberAt('output', 'V Ramp', 'End (V)'),
    rampDuration: numberAt('output', 'V Ramp', 'Duration (s)'),
    delaysAsked: pointsBetween(delayAt('Start (s)'), delayAt('End (s)'), delayAt('Step (s)')),
    currentLimit: slow ? limitAt('compliance') : limitAt('range'),
    areaCm2,
    light: readSetting(settings, ['output', 'Dark-CELIV']) !== true,
  };
}

const running = z.looseObject({
  total_delays: z.number(),
  delays_done: z.number(),
  averaging_pct: lenientNumber,
});

export const photoCeliv: RoutineDefinition = {
  name: 'Photo-CELIV',
  aliases: ['CELIV'],
  title: 'Charge extraction by a linearly increasing voltage',
  measures:
    'A light pulse makes charge; after a delay a reverse voltage ramp draws it out, on top of the displacement current of the film. The time of the current maximum gives the mobility, its area the charge, and the charge over the delay the recombination.',
  lifecycle: 'finite',
  collectWhileRunning: true,
  settings: [
    { name: 'newest', schema: newest },
    { name: 'older, range by index', schema: older },
  ],
  progress(progress) {
    const parsed = running.safeParse(progress).data;
    if (parsed === undefined) return undefined;
    const { total_delays: total, delays_done: done, averaging_pct: averaged } = parsed;
    return routineProgress({
      done,
      total,
      counted: 'delays',
      averaged: averaged === undefined || done >= total ? undefined : averaged / 100,
      fraction: progressFraction(progress),
    });
  },
  dataset,
  analyse: (data, context) => analyseCeliv(data, conditionsOf(context)),
  columns: [
    { name: 'Voltage', unit: 'V', meaning: 'At the sample, during the ramp.' },
    { name: 'Current', unit: 'A', meaning: 'Sign as sent: a reverse ramp gives negative currents.' },
    {
      name: 'Time',
      unit: 's',
      meaning:
        'Since the ramp began, computed from Voltage and the ramp rate; absent where they show no ramp.',
    },
  ],
  commands: [],
  duration:
    'delays × averages × (delay + ramp + pause), plus the transfer of each delay: 10 to 30 s with the usual settings',
  expectedSeconds: photoCelivSeconds,
  pitfalls: [
    'Each GetTestData has one delay, the latest: fetch it after each while it runs, or the others are lost.',
    'A mobility wrong by orders of magnitude: device_thickness_m is not the film thickness in m.',
    'Mobility infinite: the instrument took the first sample for the maximum; noise, or no extraction.',
    't_max a few times the rise time only: limited by RC; smaller area or slower ramp.',
    'End above Start: a forward ramp injects instead of extracting.',
    'The manual prints the correction as a product; the software computes 1 + 0.36·ΔJ/J0.',
  ],
};
