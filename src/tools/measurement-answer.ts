import * as z from 'zod';
import { type ArkeoError, ConnectionError, InputError, MeasurementError, type Outcome } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { describeConditions } from '../conditions/conditions.ts';
import type { Job } from '../measurement/job.ts';
import type { Failure, Measured } from '../measurement/run/measured.ts';
import { NOT_SWITCHED_OFF } from '../measurement/run/not-switched-off.ts';
import { ConfirmationRequired } from '../safety/confirmation.ts';
import { rowCount } from '../science/dataset.ts';
import type { Metric } from '../science/metrics/metric.ts';
import type { Answer, Attachment, ToolCall } from './define-tool.ts';
import { measurementUri } from '../archive/measurement-id.ts';
import { compactJson } from './present-data.ts';

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
  started_at: z.string(),
  again: z.boolean().describe('Of a call before this one.'),
  percent: z.number().nullish().describe('While it runs.'),
  left_s: z.number().nullish(),
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      unit: z.string(),
      values: z.record(z.string(), z.number().nullable()).describe('By scan; "all" for the whole.'),
      words: z.record(z.string(), z.string()).optional().describe('What the values mean.'),
    }),
  ),
  settings: z.record(z.string(), z.unknown()).describe('In force.'),
  warnings: z.array(z.string()),
});
type MeasurementAnswer = Answer<z.input<typeof measurementOutput>>;

/**
 * Waits for a job and says how it stands. Giving the call up ends the waiting, never the measurement.
 * Throws ArkeoError where nothing was started, MeasurementError where it failed or something could not be switched off.
 * @param mayAsk the call is the one that asked for it: whoever is asked by it can have it made again
 */
export async function followJob(
  job: Job<Measured>,
  { waitS, again = false, mayAsk = false }: { waitS: number; again?: boolean; mayAsk?: boolean },
  call: ToolCall,
): Promise<MeasurementAnswer> {
  const wasTold = job.state === 'refused' && job.delivered;
  await job.wait(waitS * 1000, call.signal, ({ sentence, fraction }) => call.progress(sentence, fraction));
  const { outcome: measured, refusal } = job;
  if (refusal !== undefined) {
    if (wasTold) throw nothingUnderWay(job);
    if (!call.signal.aborted) job.deliverTo(call.caller.id);
    throw mayAsk ? refusal : told(refusal, job);
  }
  if (measured === undefined) return running(job, again, call);
  // Whoever gave the call up has not seen the outcome: the same request brings it again.
  if (!call.signal.aborted) job.deliverTo(call.caller.id);
  if (measured.failure !== undefined || measured.alarms.length > 0) throw failed(job, measured);
  return ended(job, measured, again);
}

function running(job: Job<Measured>, again: boolean, { connection }: ToolCall): MeasurementAnswer {
  const { sentence, fraction, leftMs } = job.progress;
  const percent = fraction === undefined ? null : Math.round(100 * fraction);
  return {
    text: [
      `${job.request.work.tool} ${again ? 'was already under way and goes on' : 'is under way'} (${job.id}): ${sentence}${percent === null ? '' : `, ${percent} %`}.`,
      `Next: wait_for_measurement, as often as needed; cancel_measurement ${job.followsOnly ? 'ends the following, and stops nothing' : 'stops it and keeps what was measured'}.`,
    ].join('\n'),
    structured: {
      state: 'running',
      job_id: job.id,
      measurement_id: null,
      routine: job.subject,
      simulated: typeof connection.status().simulator === 'string',
      started_at: job.startedAt.toISOString(),
      again,
      percent,
      left_s: leftMs === undefined ? null : Math.ceil(leftMs / 1000),
      metrics: [],
      settings: {},
      warnings: [],
    },
  };
}

function ended(job: Job<Measured>, measured: Measured, again: boolean): MeasurementAnswer {
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
    ...(notKept === undefined ? [] : [`NOT IN THE ARCHIVE: ${notKept} ${thinned(dataset)}`]),
    ...groups.slice(0, MAX_METRICS).map(describeGroup),
    ...(groups.length > MAX_METRICS ? [`and ${groups.length - MAX_METRICS} more: get_measurement`] : []),
    `In force: ${describeSettings(inForce)}${around === undefined ? '' : `; before the start: ${around}`}.`,
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
      started_at: job.startedAt.toISOString(),
      again,
      metrics: groups.slice(0, MAX_METRICS).map(({ more: _, words, ...group }) => ({
        ...group,
        ...(Object.keys(words).length === 0 ? {} : { words }),
      })),
      settings: inForce,
      warnings: shortened(warnings),
    },
    attachments: id === undefined || rows === 0 ? [] : links(id),
  };
}

/** Where hosts read the data and the picture. */
function links(id: string): Attachment[] {
  return [
    { type: 'resource_link', uri: measurementUri(id, 'data.csv'), name: 'data.csv', mimeType: 'text/csv' },
    { type: 'resource_link', uri: measurementUri(id, 'plot.png'), name: 'plot.png', mimeType: 'image/png' },
  ];
}

/** A question to a person is asked by the call that it is about, and not by one that only follows. */
function told(refusal: ArkeoError, { request: { work } }: Job<Measured>): ArkeoError {
  if (!(refusal instanceof ConfirmationRequired)) return refusal;
  return new InputError(refusal.message, {
    code: refusal.code,
    hint: `Nothing was measured. Call ${work.tool} again with the same arguments and wait_s 20: the person is asked then.`,
  });
}

function thinned(dataset: Measured['dataset']): string {
  return `The data, thinned: ${compactJson(dataset?.scans, UNKEPT_VALUES)}`;
}

function failed(job: Job<Measured>, measured: Measured): MeasurementError {
  const { alarms, failure, id } = measured;
  const { tool } = job.request.work;
  const state = failure?.instrumentState ?? null;
  const message = [
    ...alarms.map((alarm) => `${alarm}.`),
    ...(failure === undefined
      ? [`${tool} itself is ${measured.state}.`]
      : [
          `${tool} failed at the step "${failure.step}": ${failure.error.message}.`,
          ...(failure.notBegun === undefined ? [] : [whatWasBefore(failure.notBegun)]),
          `The routine is ${state === null ? 'unknown' : quote(state)} now.`,
        ]),
    whatIsKept(measured),
  ].join(' ');
  if (alarms.length > 0 || failure === undefined)
    return new MeasurementError(message, {
      code: 'not_switched_off',
      outcome: 'unknown',
      hint: NOT_SWITCHED_OFF,
    });
  return new MeasurementError(
    message,
    {
      code: failure.error.code,
      ...whatNext(failure, id),
      ...(failure.notBegun === undefined ? {} : { target: 'ROUTINE', command: 'StartMeasurement' }),
    },
    { cause: failure.error },
  );
}

/** Of the measurement: that its last command was not sent, for example, says nothing of what was done before. */
function whatNext({ error, notBegun }: Failure, id: string | undefined): { outcome: Outcome; hint: string } {
  if (notBegun?.refused === true) return { outcome: 'refused', hint: error.hint };
  if (notBegun !== undefined) return { outcome: 'not_sent', hint: hintOfUnsent(error) };
  const ofCommand = error.command !== undefined;
  return {
    outcome: 'unknown',
    hint: ofCommand
      ? `Do not measure again blindly: instrument_status shows how it is, ${id === undefined ? '' : `get_measurement ${id} what was kept, `}${id === undefined ? 'routine_get_test_data what the instrument still has' : `recover_measurement ${id} fetches what the instrument still has`}.`
      : error.hint,
  };
}

/** That nothing was changed is true of the command, and not of what was done before it. */
function hintOfUnsent(error: ArkeoError): string {
  if (!(error instanceof ConnectionError)) return error.hint;
  return error.advice ?? 'Call instrument_status, then measure again if it is still wanted.';
}

function whatWasBefore({ refused, changed }: NonNullable<Failure['notBegun']>): string {
  const before = changed.length === 0 ? '' : ` Already changed, and left so: ${changed.join(' and ')}.`;
  return `${refused ? 'The instrument refused the start' : 'The start was not sent'}: nothing was measured.${before}`;
}

function whatIsKept({ id, dataset, notKept }: Measured): string {
  const rows = dataset?.scans.reduce((sum, scan) => sum + rowCount(scan), 0) ?? 0;
  if (id === undefined || notKept !== undefined)
    return `NOT IN THE ARCHIVE${id === undefined ? '' : `, or not wholly, as ${id}`}: ${notKept ?? 'it could not be written'}${rows === 0 ? '' : ` ${thinned(dataset)}`}`;
  return rows === 0
    ? `No data was fetched; the attempt is noted as ${id}`
    : `What had been measured (${rows} rows) is kept as ${id}`;
}

function nothingUnderWay(job: Job<Measured>): InputError {
  return new InputError(`no measurement is under way; the last one, ${job.id}, was not started`, {
    code: 'nothing_under_way',
    hint: 'list_measurements shows what was measured; a measure tool starts a measurement.',
  });
}

interface MetricGroup {
  name: string;
  unit: string;
  values: Record<string, number | null>;
  /** What they mean, where a number does not say it. */
  words: Record<string, string>;
  /** Values of further scans, which are left out. */
  more: number;
}

/** Figures of one name together, a value for each scan. */
function byName(metrics: readonly Metric[]): MetricGroup[] {
  const groups = new Map<string, MetricGroup>();
  // A label that all of them have tells nothing.
  const labels = new Set(metrics.map(({ scan }) => scan));
  for (const { name, unit, scan: label, value, words } of metrics) {
    const scan = labels.size === 1 || label === undefined ? 'all' : label;
    const group = groups.get(name) ?? { name, unit, values: {}, words: {}, more: 0 };
    groups.set(name, group);
    if (Object.keys(group.values).length >= MAX_SCANS) {
      group.more++;
      continue;
    }
    group.values[scan] = value === null ? null : Number(value.toPrecision(5));
    if (words !== undefined) group.words[scan] = words;
  }
  return [...groups.values()];
}

/** "voc: forward 1.0999, reverse 1.1003 V", and how many more scans there are. */
function describeGroup({ name, unit, values, words, more }: MetricGroup): string {
  const parts = Object.entries(values).map(
    ([scan, value]) =>
      `${scan === 'all' ? '' : `${quoteless(scan)} `}${value === null ? 'not determined' : readable(value)}${value === null || words[scan] === undefined ? '' : ` (${words[scan]})`}`,
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
