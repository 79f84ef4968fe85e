import path from 'node:path';
import * as z from 'zod';
import { ArchiveError } from '../errors.ts';
import type { Disk } from '../files/disk.ts';
import { errorCode } from '../files/file-error.ts';
import { DiskStalled } from '../files/limited-disk.ts';
import { lookAtMember, requireFolder } from '../files/members.ts';
import { readPatiently } from '../files/whole-files.ts';
import { describeIssues } from '../text/describe-issues.ts';
import { isRecord } from '../text/is-record.ts';
import { parseJson } from '../text/json-text.ts';
import { quote } from '../text/quote.ts';
import { damaged, whyUnreadable } from './damage.ts';
import { beyondBounds, MAX_RECORD_BYTES } from './record-bounds.ts';
import { RECORD_VERSION, recordSchema, type MeasurementRecord } from './record.ts';
import { HEARTBEAT_FILE, RECORD_FILE } from './stored.ts';

const MAX_HEARTBEAT_BYTES = 1000;

export interface Stored {
  record: MeasurementRecord;
  /** The file as it was read. */
  bytes: Buffer;
  /** Changes for as long as its process lives. */
  sign: string;
}

/** The record in a measurement's folder. Throws ArchiveError `damaged` with the reason, DiskStalled. */
export async function readRecord(disk: Disk, folder: string): Promise<Stored> {
  try {
    await requireFolder(disk, folder);
    const { file, found } = await lookAtMember(disk, folder, RECORD_FILE);
    const bytes = await readPatiently(disk, file, MAX_RECORD_BYTES);
    const value = parseJson(bytes);
    const beyond = beyondBounds(value);
    if (beyond !== undefined) throw damaged(folder, `${RECORD_FILE} is not read: ${beyond}`);
    const record = recordSchema.safeParse(value);
    if (!record.success)
      throw damaged(
        folder,
        `${RECORD_FILE} is not the record of a measurement: ${describeIssues(record.error)}`,
      );
    // The time of change is compared with itself only: whose clock it is by does not matter.
    const sign =
      record.data.state === 'running'
        ? `${found.modified.getTime()} ${found.bytes} ${await heartbeatIn(disk, folder)}`
        : '';
    return { record: record.data, bytes, sign };
  } catch (error) {
    if (error instanceof ArchiveError || error instanceof DiskStalled) throw error;
    throw damaged(folder, `${RECORD_FILE} ${whyUnreadable(error)}`, error);
  }
}

async function heartbeatIn(disk: Disk, folder: string): Promise<string> {
  return readPatiently(disk, path.join(folder, HEARTBEAT_FILE), MAX_HEARTBEAT_BYTES).then(
    (bytes) => bytes.toString('base64'),
    (error: unknown) => {
      if (error instanceof DiskStalled) throw error;
      return '';
    },
  );
}

/** Lists what a reader of this version has to know about the record itself. */
export function recordProblems(id: string, record: MeasurementRecord): string[] {
  return [
    ...(record.format_version > RECORD_VERSION
      ? [
          `written by a newer arkeo-mcp (format_version ${record.format_version}, known here: ${RECORD_VERSION}); what it added is not shown`,
        ]
      : []),
    ...(record.id === id
      ? []
      : [`the folder ${id} holds the measurement ${quote(record.id)}: it was renamed`]),
  ];
}

/** Text of `measurement.json`. */
export function formatRecord(record: object): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

type Members = Readonly<Record<string, unknown>>;

/** The members as they are on the disk; none where they cannot be read. Throws DiskStalled. */
export async function readMembers(disk: Disk, folder: string): Promise<Members> {
  try {
    return await readMembersOrThrow(disk, folder);
  } catch (error) {
    if (error instanceof DiskStalled) throw error;
    return {};
  }
}

/** The same; none where it is no record. Throws DiskStalled, and what the disk throws but for a file that is not there. */
export async function readMembersOrThrow(disk: Disk, folder: string): Promise<Members> {
  try {
    const { file } = await lookAtMember(disk, folder, RECORD_FILE);
    const value = parseJson(await readPatiently(disk, file, MAX_RECORD_BYTES));
    return isRecord(value) ? value : {};
  } catch (error) {
    const code = errorCode(error);
    if (code !== undefined && code !== 'ENOENT') throw error;
    if (error instanceof DiskStalled) throw error;
    return {};
  }
}

const claimed = z.looseObject({ process: z.looseObject({ claim: z.string().optional() }) });

/** Another process has taken the entry over since. */
export function isOfOthers(found: object, { process }: Pick<MeasurementRecord, 'process'>): boolean {
  const there = claimed.safeParse(found).data;
  return there !== undefined && there.process.claim !== process.claim;
}
