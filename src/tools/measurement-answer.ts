import * as z from 'zod';
import { type ArkeoError, InputError } from '../errors.ts';
import { describeConditions } from '../conditions/conditions.ts';
import { splitRemarks } from '../figures/remarks.ts';
import type { Job } from '../measurement/job.ts';
import type { Measured } from '../measurement/run/measured.ts';
import { describeRunProgress } from '../measurement/run/run-progress.ts';
import { ConfirmationRequired } from '../safety/confirmation.ts';
import { rowCount } from '../science/dataset.ts';
import type { Metric } from '../science/metrics/metric.ts';
import { answerForm } from './answer/answer-form.ts';
import {
  appliedBasis,
  appliedSaid,
  appliedTelling,
  appliedValues,
  basisTelling,
  eachSwitchedOn,
  switchedOn,
} from './answer/applied-tellings.ts';
import { figures, figuresTelling, groupFigures } from './answer/figure-tellings.ts';
import { flag, json, onNewLine, quantity, quoted, sentence, word } from './answer/tellings.ts';
import type { Answer, ToolCall } from './define-tool.ts';
import { failed, UNKEPT_VALUES } from './measurement-failure.ts';
import { dataLinks } from './data-links.ts';
import { presentData } from './present-data.ts';

const MAX_SCANS = 4;
const MAX_METRICS = 24;
const MAX_WARNINGS = 6;

/** The answer of every tool that starts, follows or stops a measurement. */
export const measurementOutput = answerForm(
  {
    routine: z.string(),
    device: z.string().nullable(),
    state: z
      .enum(['running', 'complete', 'stopped', 'not_stored'])
      .describe('not_stored: it ended, and is not or not wholly in the archive.'),
    rows: z.number().optional(),
    measurement_id: z.string().nullable(),
    job_id: z.string(),
    started_at: z.string(),
    again: z.boolean().describe('Of a call before this one.'),
    percent: z.number().nullish().describe('While it runs.'),
    progress: z.string().optional(),
    left_s: z.number().nullish(),
    data: z.unknown().optional().describe('Thinned; only where it is not stored.'),
    metrics: figures,
    applied: appliedValues.optional(),
    basis: appliedBasis.optional(),
    switched_on: z.array(switchedOn).optional(),
    conditions_before: z.string().optional(),
  },
  {
    routine: word({ label: '' }),
    device: quoted({ label: '' }),
    state: word({ label: '' }),
    rows: quantity('rows', 0, { label: '' }),
    measurement_id: word(),
    job_id: word(),
    started_at: word(),
    again: flag('begun by a call before this one'),
    percent: onNewLine(quantity('%', 0, { label: '' })),
    progress: sentence(),
    left_s: quantity('s', 0, { label: 'left about' }),
    data: json('Data'),
    metrics: figuresTelling,
    applied: appliedTelling,
    basis: basisTelling,
    switched_on: eachSwitchedOn,
    conditions_before: onNewLine(word()),
  },
);
type MeasurementAnswer = Answer<typeof measurementOutput>;

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
  await job.wait(waitS * 1000, call.signal, (progress) =>
    call.progress(describeRunProgress(progress), progress.fraction),
  );
  const { outcome: measured, refusal } = job;
  if (refusal !== undefined) {
    if (wasTold) throw nothingUnderWay(job);
    if (!call.signal.aborted) job.deliverTo(call.caller.id);
    throw mayAsk ? refusal : told(refusal, job);
  }
  if (measured === undefined) return running(job, again, call);
  // A caller that gave the call up has not seen the outcome: the same request brings it again.
  if (!call.signal.aborted) job.deliverTo(call.caller.id);
  if (measured.failure !== undefined || measured.alarms.length > 0) throw failed(job, measured);
  return ended(job, measured, again);
}

function running(job: Job<Measured>, again: boolean, { connection }: ToolCall): MeasurementAnswer {
  const { fraction, leftMs } = job.progress;
  const { simulator } = connection.status();
  return {
    said: {
      routine: job.subject,
      device: deviceOf(job),
      state: 'running',
      measurement_id: null,
      job_id: job.id,
      started_at: job.startedAt.toISOString(),
      again,
      percent: fraction === undefined ? null : 100 * fraction,
      progress: job.sentence,
      left_s: leftMs === undefined ? null : Math.ceil(leftMs / 1000),
      metrics: [],
      next: [
        'wait_for_measurement, as often as needed',
        `cancel_measurement ${job.followsOnly ? 'ends the following, and stops nothing' : 'stops it and keeps what was measured'}`,
      ],
      simulated: simulator === undefined ? null : simulator !== null,
    },
  };
}

function deviceOf({ request: { args } }: Job<Measured>): string | null {
  const { device_name: device } = args;
  return typeof device === 'string' ? device : null;
}

function ended(job: Job<Measured>, measured: Measured, again: boolean): MeasurementAnswer {
  const { state, id, sample, conditions, analysis, simulated, notKept, dataset } = measured;
  const groups = groupFigures(withoutDoubles(analysis.metrics), MAX_SCANS);
  const around = conditions === undefined ? undefined : describeConditions(conditions);
  const rows = dataset?.scans.reduce((sum, scan) => sum + rowCount(scan), 0) ?? 0;
  const isStored = id !== undefined && notKept === undefined;
  const remarks = splitRemarks(measured.warnings);
  const readable = id !== undefined && rows > 0;
  // Facts that are stored nowhere are told whole.
  const [mostWarnings, mostFigures] = isStored ? [MAX_WARNINGS, MAX_METRICS] : [Infinity, Infinity];
  return {
    said: {
      routine: measured.routine.name,
      device: sample.deviceName,
      state: !isStored ? 'not_stored' : state === 'complete' ? 'complete' : 'stopped',
      rows,
      measurement_id: id ?? null,
      job_id: job.id,
      started_at: job.startedAt.toISOString(),
      again,
      ...(isStored ? {} : { data: presentData(dataset?.scans ?? null, UNKEPT_VALUES).data }),
      metrics: groups.slice(0, mostFigures),
      ...appliedSaid(measured.applied),
      ...(around === undefined ? {} : { conditions_before: around }),
      alarms: isStored
        ? []
        : [
            `NOT IN THE ARCHIVE${id === undefined ? '' : ', or not wholly'}: ${notKept ?? 'it could not be written'}`,
          ],
      warnings: remarks.warnings.slice(0, mostWarnings),
      notes: [
        ...remarks.notes,
        ...leftOut(remarks.warnings.length - mostWarnings, 'warnings'),
        ...leftOut(groups.length - mostFigures, 'figures'),
      ],
      next: [
        ...(again ? ['the same call once more measures anew'] : []),
        ...(readable ? ['plot_measurements (picture), get_measurement_data (rows)'] : []),
      ],
      simulated,
    },
    attachments: readable ? dataLinks(id, measured.tableBytes) : [],
  };
}

/** At 100 mW/cm² the power in mW/cm² is the efficiency in %: one number, told once. */
function withoutDoubles(metrics: readonly Metric[]): Metric[] {
  const efficiency = new Map(
    metrics.flatMap(({ name, scan, value }) => (name === 'efficiency' ? [[scan, value]] : [])),
  );
  return metrics.filter(({ name, scan, value }) => {
    const percent = efficiency.get(scan);
    if (name !== 'p_mpp' || value === null || typeof percent !== 'number') return true;
    return Math.abs(value - percent) > 1e-9 * Math.abs(value);
  });
}

function leftOut(count: number, what: string): string[] {
  return count > 0 ? [`${count} more ${what}: get_measurement`] : [];
}

/** A question to a person is asked by the call that it is about, and not by one that only follows. */
function told(refusal: ArkeoError, { request: { work } }: Job<Measured>): ArkeoError {
  if (!(refusal instanceof ConfirmationRequired)) return refusal;
  return new InputError(refusal.message, {
    code: refusal.code,
    hint: `Nothing was measured. Call ${work.tool} again with the same arguments and wait_s 20: the person is asked then.`,
  });
}

function nothingUnderWay(job: Job<Measured>): InputError {
  return new InputError(`no measurement is under way; the last one, ${job.id}, was not started`, {
    code: 'nothing_under_way',
    hint: 'list_measurements shows what was measured; a measure tool starts a measurement.',
  });
}
