import { InputError } from '../errors.ts';
import type { Product } from '../instrument/product.ts';
import { NOT_KEPT } from '../archive/entry.ts';
import type { Archive, StoredMeasurement } from '../archive/archive.ts';
import { alreadyComplete, beingMeasured } from '../archive/refusals.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import type { MeasurementState, MeasurementSummary } from '../archive/summary.ts';
import { resolveId } from '../archive/measurement-id.ts';

export const RECOVER = 'recover_measurement';
/** Entries of these tools hold data that was fetched: nothing was measured for them. */
const FETCHED_BY: readonly string[] = ['routine_get_test_data', RECOVER];
/** Records that are looked into, newest first. */
const MAX_LOOKS = 50;
/** Error code of the instrument without an open routine. */
const NO_ROUTINE = 4006;
const FINAL_REPLY = /^replies\/\d+_GetTestData/;

function isFetched({ tool }: Pick<MeasurementRecord, 'tool'>): boolean {
  return FETCHED_BY.includes(tool);
}

/** It was begun, and its data, or the end of it, never came into the archive. */
function lacksData(record: MeasurementRecord, state: MeasurementState): boolean {
  if (isFetched(record) || neverStarted(record)) return false;
  if (state === 'interrupted') return true;
  if (state !== 'failed' && state !== 'stopped') return false;
  if (record.failure?.code === NOT_KEPT) return true;
  return record.partial || !record.files.some(({ name }) => FINAL_REPLY.test(name));
}

/** The same, and nothing says that the instrument has lost it. */
export function mayStillBeThere(record: MeasurementRecord, state: MeasurementState): boolean {
  const { failure } = record;
  return lacksData(record, state) && failure?.code !== 'routine_closed' && failure?.code !== NO_ROUTINE;
}

/** The start was refused or never sent: what the instrument holds is that of before, or another's. */
function neverStarted({ failure, start }: Pick<MeasurementRecord, 'failure' | 'start'>): boolean {
  if (start === 'not_sent' || start === 'refused' || failure?.code === 'never_started') return true;
  // Records without the member `start` are judged by their failure.
  return start === null && failure?.step === 'starting' && typeof failure.code === 'number';
}

export interface Choice {
  product: Product;
  archive: Archive;
  /** The one that is asked for; otherwise the newest on the instrument that lacks data. */
  id: string | undefined;
  instrument: string;
  /** Between two looks at an entry of which it is not known whether somebody measures it. */
  pause: (ms: number) => Promise<void>;
}

/** Throws InputError where there is nothing to recover, and where somebody measures it. */
export async function chooseEntry(choice: Choice): Promise<StoredMeasurement> {
  const { product, archive, id, pause } = choice;
  const stored =
    id === undefined
      ? await newestWithoutData(choice)
      : await archive.untilKnown(await resolveId(archive, id), pause);
  if (stored === undefined)
    throw new InputError(
      'no measurement was interrupted or ended without its data: there is nothing to recover',
      {
        code: 'nothing_to_recover',
        hint: 'list_measurements shows what is stored; routine_get_test_data fetches what the instrument holds.',
      },
    );
  const { record, state } = stored;
  if (state === 'running') throw beingMeasured(record);
  if (lacksFiles(record, product)) return stored;
  if (state === 'complete') throw alreadyComplete(record.id);
  if (lacksData(record, state)) return stored;
  if (neverStarted(record))
    throw new InputError(
      `${record.id} was never started: whatever the instrument holds is not of it, and there is nothing to recover`,
      { code: 'nothing_to_recover', hint: 'Measure again if it is still wanted.' },
    );
  throw new InputError(
    `${record.id} is ${state}, with all the data that there is of it: there is nothing to recover`,
    {
      code: 'nothing_to_recover',
      hint: `get_measurement ${record.id} shows it.`,
    },
  );
}

async function newestWithoutData({
  archive,
  instrument,
  pause,
}: Choice): Promise<StoredMeasurement | undefined> {
  for await (const { record, state } of runsOn(archive, instrument)) {
    if (state !== 'perhaps_running' && !mayStillBeThere(record, state)) continue;
    const known = await archive.untilKnown(record.id, pause);
    if (known.state === 'running' || mayStillBeThere(known.record, known.state)) return known;
  }
  return undefined;
}

/** All of its data is in its reply, and the files that are made of it could not be written. */
export function lacksFiles(
  { state, routine, files, unwritten }: MeasurementRecord,
  { findRoutine }: Product,
): boolean {
  const { lifecycle, collectWhileRunning } = findRoutine(routine) ?? {};
  return (
    (state === 'complete' || state === 'stopped') &&
    unwritten.length > 0 &&
    lifecycle === 'finite' &&
    collectWhileRunning !== true &&
    files.some(({ name }) => FINAL_REPLY.test(name))
  );
}

/** The measurement whose data the instrument may still hold: the newest on it, if that lacks data. */
export async function mayBeRecovered(
  archive: Archive,
  instrument: string,
): Promise<StoredMeasurement | undefined> {
  for await (const stored of runsOn(archive, instrument))
    return mayStillBeThere(stored.record, stored.state) ? stored : undefined;
  return undefined;
}

/** Finds what was measured on the same instrument after it, and so in its place; undefined where nothing was. */
export async function newerRun(
  archive: Archive,
  { id, started_at: startedAt, instrument }: MeasurementRecord,
): Promise<MeasurementRecord | undefined> {
  for await (const { record } of runsOn(archive, instrument)) {
    if (record.started_at < startedAt) return undefined;
    if (record.id !== id) return record;
  }
  return undefined;
}

/** The measurements on an instrument, newest first; without those that it did not start. */
async function* runsOn(archive: Archive, instrument: string): AsyncGenerator<StoredMeasurement> {
  for (const { id } of (await candidates(archive)).slice(0, MAX_LOOKS)) {
    const stored = await readable(archive, id);
    if (stored?.record.instrument === instrument && !neverStarted(stored.record)) yield stored;
  }
}

async function candidates(archive: Archive): Promise<MeasurementSummary[]> {
  return (await archive.list()).entries.filter((entry) => !isFetched(entry));
}

/** A damaged one must not hide the others. */
async function readable(archive: Archive, id: string): Promise<StoredMeasurement | undefined> {
  return archive.read(id).catch(() => undefined);
}
