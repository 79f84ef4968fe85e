import { differences } from '../text/differences.ts';
import { quote } from '../text/quote.ts';
import type { Dataset } from '../science/dataset.ts';
import type { Settings } from '../instrument/settings.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import type { Conditions } from '../conditions/conditions-schema.ts';
import { sha256 } from '../archive/stored.ts';
import { continues } from './same-data.ts';

/** The clocks of two computers. */
const CLOCKS_MS = 30_000;
/** It may take longer than its settings say. */
const LONGER = 1.5;

/** Traces of a measurement on the instrument, to be compared with what is known of the measurement. */
export interface Found {
  /** Undefined where the instrument has none. */
  settings: Settings | undefined;
  /** Undefined where they could not be read. */
  dataset: Dataset | undefined;
  data: unknown;
  /** Data that was kept while it measured. */
  kept: Dataset | undefined;
  /** It was followed from when it measured to its end. */
  followed: boolean;
  /** How long it was to take. */
  plannedMs: number | undefined;
  /** Conditions as they are now. */
  conditions: Conditions | null;
  now: Date;
}

/** Why data that the instrument holds may be of another run, one sentence each. None is enough to be sure. */
export function doubtsOfOrigin(record: MeasurementRecord, found: Found): string[] {
  const { dataset, kept, followed } = found;
  const compared = dataset === undefined || kept === undefined ? 'unknown' : continues(dataset, kept);
  // Rows with their noise are a better witness than any setting.
  if (compared === 'same') return [];
  const timed = timeOf(record, found);
  // Following shows that a run is under way, and only a start that was accepted that it may be this one.
  const isSure =
    (followed && record.start !== 'unknown') || timed === 'right' || isOtherThanBefore(record, found.data);
  return [
    ...(compared === 'different'
      ? ['it does not begin with what was kept of this measurement while it ran']
      : []),
    ...settingsDoubts(record, found.settings),
    ...relayDoubts(record, found.conditions),
    ...sampleDoubts(record, dataset),
    ...(timed === 'wrong'
      ? [
          `by its own time it was measured at ${dataset?.info.acquiredAt}, and this measurement began at ${record.started_at}`,
        ]
      : []),
    ...(isSure ? [] : ['whether the instrument held it before the start already is not known']),
  ];
}

/** It is the very data that the instrument held before the start. */
export function isDataOfBefore({ data_before: before }: MeasurementRecord, data: unknown): boolean {
  return before !== null && before.sha256 === hashOf(data);
}

function isOtherThanBefore({ data_before: before }: MeasurementRecord, data: unknown): boolean {
  return before !== null && before.sha256 !== hashOf(data);
}

function hashOf(data: unknown): string {
  return sha256(JSON.stringify(data) ?? 'null');
}

/** Settings that are others now: somebody changed them, and may have measured with them. */
export function settingsDoubts(
  { settings: applied }: MeasurementRecord,
  now: Settings | undefined,
): string[] {
  if (applied === null || now === undefined || Object.keys(applied).length === 0) return [];
  const changed = differences(applied, now);
  return changed.length === 0 ? [] : [`the settings were changed since: ${changed.slice(0, 3).join('; ')}`];
}

/** Another pixel is connected now: somebody may have measured that. Relays that are all open only lost theirs. */
export function relayDoubts({ conditions: before }: MeasurementRecord, now: Conditions | null): string[] {
  const [then, since] = [closedIn(before), closedIn(now)];
  if (then === undefined || since === undefined || since.length === 0) return [];
  if (then.join() === since.join()) return [];
  return [`the relays were changed since: ${listed(then)} closed at its start, ${listed(since)} now`];
}

function closedIn(conditions: Conditions | null): number[] | undefined {
  return conditions?.relays?.flatMap((isClosed, i) => (isClosed ? [i + 1] : []));
}

function listed(relays: readonly number[]): string {
  return relays.length === 0 ? 'none' : relays.join(' and ');
}

function sampleDoubts({ device_name: stated }: MeasurementRecord, dataset: Dataset | undefined): string[] {
  const theirs = dataset?.info.device?.trim();
  return stated === null || theirs === undefined || theirs === '' || theirs === stated.trim()
    ? []
    : [`it is of the sample ${quote(theirs)}, and this measurement of ${quote(stated)}`];
}

/** Against the time that the data says it was acquired at, where it says one; nobody knows whether begun or ended. */
function timeOf(
  { started_at: startedAt }: MeasurementRecord,
  { dataset, plannedMs, now }: Found,
): 'right' | 'wrong' | 'unknown' {
  const at = Date.parse(dataset?.info.acquiredAt ?? '');
  if (Number.isNaN(at)) return 'unknown';
  const began = Date.parse(startedAt);
  const ended = plannedMs === undefined ? now.getTime() : began + LONGER * plannedMs;
  return at >= began - CLOCKS_MS && at <= ended + CLOCKS_MS ? 'right' : 'wrong';
}
