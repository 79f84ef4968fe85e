import { type ArkeoError, ConnectionError, MeasurementError, type Outcome } from '../errors.ts';
import { quote } from '../text/quote.ts';
import type { Job } from '../measurement/job.ts';
import type { Failure, Measured } from '../measurement/run/measured.ts';
import { NOT_SWITCHED_OFF } from '../measurement/run/not-switched-off.ts';
import { rowCount } from '../science/dataset.ts';
import { compactJson } from './present-data.ts';

/** Values of data that could not be kept, and so must be in the answer. */
export const UNKEPT_VALUES = 2000;

function thinned(dataset: Measured['dataset']): string {
  return `The data, thinned: ${compactJson(dataset?.scans, UNKEPT_VALUES)}`;
}

/** The error of a measurement that failed, or after which something could not be switched off. */
export function failed(job: Job<Measured>, measured: Measured): MeasurementError {
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

/**
 * Tells the outcome of the whole measurement. The outcome of its last command, such as `not_sent`, says nothing of what
 * was done before.
 */
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

/**
 * Words the hint for a command that was not sent. A hint that nothing was changed is true of the command, and not of
 * what was done before it.
 */
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
