import { type ArkeoError, InputError, MeasurementError } from '../errors.ts';
import type { RoutineDefinition } from '../instrument/routines/routine.ts';
import type { StoredMeasurement } from '../archive/archive.ts';

/** Its data is not on the instrument any more: what happened, what is kept, what next. */
export function dataGone({ record, state }: StoredMeasurement, why: string): InputError {
  return new InputError(
    `the data of ${record.id} is not on the instrument any more: ${why}. ${whatIsKept(record.partial)} It stays ${state} in the archive.`,
    {
      code: 'data_gone',
      hint: `${record.partial ? `get_measurement_data ${record.id} shows what is kept. ` : ''}Measure again if it is still wanted.`,
    },
  );
}

/** A measurement is under way that may be another one. */
export function perhapsAnother({ record }: StoredMeasurement, doubts: readonly string[]): InputError {
  return new InputError(
    `${record.routine} measures, but whether it is ${record.id} is doubtful: ${doubts.join('; ')}. Nothing was changed.`,
    {
      code: 'origin_doubtful',
      hint: 'Call recover_measurement again when instrument_status shows Ready: its data can then be compared.',
    },
  );
}

/** There is data, but whose it is cannot be said: it is kept by itself. */
export function keptApart(
  { record, state }: StoredMeasurement,
  doubts: readonly string[],
  { id, problem }: { id: string | undefined; problem: string | undefined },
): MeasurementError {
  const kept =
    id === undefined
      ? `it could NOT be kept: ${problem ?? 'unknown'}`
      : `it is kept as ${id}, of doubtful origin`;
  return new MeasurementError(
    `the instrument holds data, but that it is of ${record.id} is doubtful: ${doubts.join('; ')}. So ${kept}; ${record.id} stays ${state}.`,
    {
      code: 'origin_doubtful',
      outcome: 'not_sent',
      hint: `${id === undefined ? 'routine_get_test_data shows it' : `get_measurement ${id} shows it`}. Ask the person at the ARKEO whose it is, or measure again.`,
    },
  );
}

function whatIsKept(partial: boolean): string {
  return partial ? 'What was kept of it while it measured is there.' : 'No data of it is kept.';
}

/**
 * Makes the error for live readings: the instrument has only the last reading, and a reading that was not kept while it
 * measured is nowhere.
 */
export function onlyLatest(
  stored: StoredMeasurement,
  { name }: RoutineDefinition,
  running: boolean,
): ArkeoError {
  const gone = dataGone(stored, `${name} keeps only its latest reading`);
  if (!running) return gone;
  return new InputError(`${gone.message} IT STILL RUNS.`, {
    code: gone.code,
    hint: 'If the person wants it stopped: routine_stop_measurement with scope "everything".',
  });
}
