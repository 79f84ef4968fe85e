import { isRecord } from '../text/is-record.ts';
import type { MeasurementRecord } from './record.ts';

const MIB = 1024 * 1024;
/** A record that is longer is not read. */
export const MAX_RECORD_BYTES = 4 * MIB;
/** Members that hold what the instrument or the caller sent, each as JSON. */
const MAX_MEMBER_BYTES = MIB;
const MAX_ITEMS = { metrics: 5000, warnings: 2000, files: 20_000, unwritten: 20_000 } as const;
/** Characters of a name, and of a sentence. */
const MAX_NAME = 500;
const MAX_TEXT = 10_000;
/** Fewer than are read: notes on the record itself come before them. */
const MAX_WARNINGS = 1900;
const FEW_WARNINGS = 50;
const NAMES = ['tool', 'routine', 'device_name', 'user_name', 'simulator', 'instrument'] as const;

/**
 * Why a value is no record that is read, whoever wrote it: lists and texts that no measurement has. Undefined where it
 * may be one. Looked at before anything is done with the members.
 */
export function beyondBounds(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  for (const [name, most] of Object.entries(MAX_ITEMS)) {
    const list = value[name];
    if (Array.isArray(list) && list.length > most)
      return `${name} has ${list.length} items, and at most ${most} are read`;
  }
  for (const name of NAMES) {
    const text = value[name];
    if (typeof text === 'string' && text.length > MAX_NAME)
      return `${name} has ${text.length} characters, and at most ${MAX_NAME} are read`;
  }
  return undefined;
}

/** The record as readers take it, and what was cut for it, one sentence each. */
export function fitting(record: MeasurementRecord): { record: MeasurementRecord; cut: string[] } {
  const cut: string[] = [];
  const member = <T>(value: T, what: string): T | null => {
    const bytes = lengthOf(value);
    if (bytes <= MAX_MEMBER_BYTES) return value;
    cut.push(`${what} (${bytes} bytes) are too long for the record and are not in it`);
    return null;
  };
  const items = <T>(list: readonly T[], most: number, what: string): T[] => {
    if (list.length > most) cut.push(`${list.length} ${what}: the record has the first ${most}`);
    return list.slice(0, most);
  };
  const fitted: MeasurementRecord = {
    ...withShortTexts(record),
    request: member(record.request, 'the arguments') ?? {},
    settings: member(record.settings, 'the settings'),
    applied: member(record.applied, 'the applied values'),
    metrics: items(record.metrics, MAX_ITEMS.metrics, 'figures'),
    warnings: items(record.warnings, MAX_WARNINGS, 'warnings').map((text) => text.slice(0, MAX_TEXT)),
  };
  if (lengthOf(fitted) <= MAX_RECORD_BYTES / 2) return { record: fitted, cut };
  cut.push('the figures, settings and most warnings are too long for the record and are not in it');
  const warnings = fitted.warnings.slice(0, FEW_WARNINGS);
  return { record: { ...fitted, request: {}, settings: null, applied: null, metrics: [], warnings }, cut };
}

function withShortTexts(record: MeasurementRecord): MeasurementRecord {
  const { failure, note, device_name: device, user_name: user, simulator } = record;
  const name = (text: string): string => text.slice(0, MAX_NAME);
  return {
    ...record,
    tool: name(record.tool),
    routine: name(record.routine),
    device_name: device === null ? null : name(device),
    user_name: user === null ? null : name(user),
    simulator: simulator === null ? null : name(simulator),
    instrument: name(record.instrument),
    note: note === null ? null : note.slice(0, MAX_TEXT),
    failure: failure === null ? null : { ...failure, message: failure.message.slice(0, MAX_TEXT) },
  };
}

/** Bytes in the form in which a record is written. */
function lengthOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value, null, 2) ?? '');
}
