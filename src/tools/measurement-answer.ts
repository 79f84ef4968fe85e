import * as z from 'zod';
import { MeasurementError } from '../errors.ts';
import { quote } from '../instrument/quote.ts';
import { describeConditions } from '../measurement/conditions.ts';
import type { Job } from '../measurement/jobs.ts';
import type { Measured } from '../measurement/run/measure.ts';
import { rowCount } from '../science/dataset.ts';
import type { Metric } from '../science/metrics/metric.ts';
import type { Answer, ToolCall } from './define-tool.ts';
import { compactJson } from './present-data.ts';

/** A call that waits ends by itself before any host cuts it. */
const MAX_WAIT_S = 50;
export const waitSeconds = z.number().min(0).max(MAX_WAIT_S).default(20);

const MAX_SCANS = 4;
const MAX_METRICS = 24;
const MAX_WARNINGS = 6;
/** Values of data that could not be kept, and so must be in the answer. */
const UNKEPT_VALUES = 2000;

/** The answer of every tool that starts, follows or stops a measurement. */
export const measurementOutput = z.strictObject({
  state: z.enum(['running', 'complete', 'stopped']),
  job_id: z.string(),
  measurement_id: z.string().nullable(),
  routine: z.string(),
  simulated: z.boolean(),
  percent: z.number().nullable(),
  left_s: z.number().nullable(),
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      unit: z.string(),
      values: z.record(z.string(), z.number().nullable()).describe('By scan; "all" for the whole.'),
    }),
  ),
  settings: z.record(z.string(), z.unknown()).describe('In force.'),
  warnings: z.array(z.string()),
});
type MeasurementAnswer = Answer<z.input<typeof measurementOutput>>;

/**
 * Waits for a job and says how it stands. Giving the call up ends the waiting, never the measurement.
 * Throws ArkeoError where nothing was started, MeasurementError where it failed.
 */
export async function followJob(
  job: Job,
  { waitS, again = false }: { waitS: number; again?: boolean },
  call: ToolCall,
): Promise<MeasurementAnswer> {
  await job.wait(waitS * 1000, call.signal, ({ sentence, fraction }) => call.progress(sentence, fraction));
  const { measured, refusal } = job;
  if (refusal !== undefined) throw refusal;
  if (measured === undefined) return running(job, again, call);
  // Whoever gave the call up has not seen the outcome: the same request brings it again.
  job.delivered ||= !call.signal.aborted;
  if (measured.failure !== undefined) throw failed(job, measured, measured.failure);
  return ended(job, measured, again);
}

function running(job: Job, again: boolean, { connection }: ToolCall): MeasurementAnswer {
  const { sentence, fraction, leftMs } = job.progress;
  const percent = fraction === undefined ? null : Math.round(100 * fraction);
  return {
    text: [
      `${job.request.kind.tool} ${again ? 'was already under way and goes on' : 'is under way'} (${job.id}): ${sentence}${percent === null ? '' : `, ${percent} %`}.`,
      `Next: wait_for_measurement, as often as needed; cancel_measurement stops it and keeps what was measured.`,
    ].join('\n'),
    structured: {
      state: 'running',
      job_id: job.id,
      measurement_id: null,
      routine: job.request.routine.name,
      simulated: typeof connection.status().simulator === 'string',
      percent,
      left_s: leftMs === undefined ? null : Math.ceil(leftMs / 1000),
      metrics: [],
      settings: {},
      warnings: [],
    },
  };
}

function ended(job: Job, measured: Measured, again: boolean): MeasurementAnswer {
  const { state, id, sample, inForce, conditions, analysis, warnings, simulated, notKept, dataset } =
    measured;
  const routine = measured.routine.name;
  const name = sample.deviceName === null ? '' : ` of ${quote(sample.deviceName)}`;
  const groups = byName(analysis.metrics);
  const around = conditions === undefined ? undefined : describeConditions(conditions);
  const rows = dataset?.scans.reduce((sum, scan) => sum + rowCount(scan), 0) ?? 0;
  const lines = [
    ...(again
      ? [
          `This was measured when it was first asked for, at ${job.startedAt.toISOString()}; ask once more for a new one.`,
        ]
      : []),
    `${routine}${name} ${state === 'complete' ? 'measured' : 'STOPPED EARLY'}, ${rows} rows: ${id ?? 'NOT KEPT'}`,
    ...(notKept === undefined
      ? []
      : [`NOT IN THE ARCHIVE: ${notKept} The data, thinned: ${compactJson(dataset?.scans, UNKEPT_VALUES)}`]),
    ...groups.slice(0, MAX_METRICS).map(describeGroup),
    ...(groups.length > MAX_METRICS ? [`and ${groups.length - MAX_METRICS} more: get_measurement`] : []),
    `In force: ${describeSettings(inForce)}${around === undefined ? '' : `; ${around}`}.`,
    ...shortened(warnings).map((warning) => `Note: ${warning}`),
    ...(id === undefined || rows === 0 ? [] : ['Picture: plot_measurements. Data: get_measurement_data.']),
  ];
  return {
    text: lines.join('\n'),
    structured: {
      state: state === 'complete' ? 'complete' : 'stopped',
      job_id: job.id,
      measurement_id: id ?? null,
      routine,
      simulated,
      percent: null,
      left_s: null,
      metrics: groups.slice(0, MAX_METRICS).map(({ more: _, ...group }) => group),
      settings: inForce,
      warnings: shortened(warnings),
    },
  };
}

function failed(
  job: Job,
  { id, dataset, notKept, warnings }: Measured,
  { step, error, instrumentState }: NonNullable<Measured['failure']>,
): MeasurementError {
  const rows = dataset?.scans.reduce((sum, scan) => sum + rowCount(scan), 0) ?? 0;
  const kept =
    id === undefined || notKept !== undefined
      ? `NOT IN THE ARCHIVE${id === undefined ? '' : `, or not wholly, as ${id}`}: ${notKept ?? 'it could not be written'}`
      : rows === 0
        ? `Nothing had been measured; the attempt is noted as ${id}`
        : `What had been measured (${rows} rows) is kept as ${id}`;
  const state = instrumentState === null ? 'unknown' : quote(instrumentState);
  const alarms = warnings.filter((warning) => /FAILED|COULD NOT/.test(warning));
  return new MeasurementError(
    [
      ...alarms,
      `${job.request.kind.tool} failed at the step "${step}": ${error.message}.`,
      `The routine is ${state} now. ${kept}.`,
    ].join(' '),
    error,
  );
}

interface MetricGroup {
  name: string;
  unit: string;
  values: Record<string, number | null>;
  /** Values of further scans, which are left out. */
  more: number;
}

/** Figures of one name together, a value for each scan. */
function byName(metrics: readonly Metric[]): MetricGroup[] {
  const groups = new Map<string, MetricGroup>();
  // A label that all of them have tells nothing.
  const labels = new Set(metrics.map(({ scan }) => scan));
  for (const { name, unit, scan: label, value } of metrics) {
    const scan = labels.size === 1 || label === undefined ? 'all' : label;
    const group = groups.get(name) ?? { name, unit, values: {}, more: 0 };
    groups.set(name, group);
    if (Object.keys(group.values).length >= MAX_SCANS) group.more++;
    else group.values[scan] = value === null ? null : Number(value.toPrecision(5));
  }
  return [...groups.values()];
}

/** "voc: forward 1.0999, reverse 1.1003 V", and how many more scans there are. */
function describeGroup({ name, unit, values, more }: MetricGroup): string {
  const parts = Object.entries(values).map(
    ([scan, value]) =>
      `${scan === 'all' ? '' : `${quoteless(scan)} `}${value === null ? 'not determined' : readable(value)}`,
  );
  return `${name}: ${parts.join(', ')}${unit === '' ? '' : ` ${unit}`}${more === 0 ? '' : ` and ${more} more`}`;
}

/** 0.000009822 is hard to read, and 9.822e-6 is not. */
function readable(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? value.toExponential().replace('e+', 'e')
    : String(value);
}

/** Labels are the instrument's words: only their letters, digits and signs. */
function quoteless(label: string): string {
  return label.replaceAll(/[^\p{L}\p{N} .,:()+/°%-]/gu, '').slice(0, 30);
}

function describeSettings(inForce: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(inForce).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return parts.length === 0 ? 'settings of the instrument' : parts.join(', ');
}

function shortened(warnings: readonly string[]): string[] {
  return warnings.length <= MAX_WARNINGS
    ? [...warnings]
    : [
        ...warnings.slice(0, MAX_WARNINGS - 1),
        `and ${warnings.length - MAX_WARNINGS + 1} more notes: get_measurement`,
      ];
}
