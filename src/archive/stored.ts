import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ArchiveError } from '../errors.ts';
import { describeIssues } from '../text/describe-issues.ts';
import { quote } from '../text/quote.ts';
import { errorCode } from '../files/file-error.ts';
import { readPatiently } from '../files/whole-files.ts';
import { RECORD_VERSION, recordSchema, type MeasurementRecord, type StoredFile } from './record.ts';
import { whyNoFileName } from '../files/safe-name.ts';

export const RECORD_FILE = 'measurement.json';
export const DATASET_FILE = 'data.json';
export const TABLE_FILE = 'data.csv';
export const REPLIES = 'replies';
/** What was fetched while it measured: replaced by each later one, and gone when the data is there. */
export const PARTIAL_REPLY = `${REPLIES}/partial_GetTestData.json`;

const REPLY = /^(\d+)_(.+)\.json$/;

export interface Stored {
  record: MeasurementRecord;
  /** The file as it was read. */
  text: string;
  /** When its process last showed that it measures. */
  heartbeat: Date;
}

/** The record in a measurement's folder. Throws ArchiveError `damaged` with the reason. */
export async function readRecord(folder: string): Promise<Stored> {
  const file = path.join(folder, RECORD_FILE);
  try {
    const text = String(await readPatiently(file));
    const { mtime: heartbeat } = await stat(file);
    const record = recordSchema.safeParse(JSON.parse(text));
    if (record.success) return { record: record.data, text, heartbeat };
    throw damaged(
      folder,
      `${RECORD_FILE} is not the record of a measurement: ${describeIssues(record.error)}`,
    );
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw damaged(folder, `${RECORD_FILE} ${whyUnreadable(error)}`, error);
  }
}

/** What is wrong with the files that belong to a measurement, one sentence each. */
export async function fileProblems(folder: string, { files }: MeasurementRecord): Promise<string[]> {
  const problems = files.map(async ({ name, bytes, sha256: expected }) => {
    if (name.split('/').some((part) => whyNoFileName(part) !== undefined))
      return [`${quote(name)} is not the name of a file of this measurement`];
    try {
      const content = await readPatiently(path.join(folder, name));
      if (content.byteLength !== bytes)
        return [`${name} has ${content.byteLength} bytes instead of ${bytes}`];
      return sha256(content) === expected ? [] : [`${name} was changed: its SHA-256 does not match`];
    } catch (error) {
      return [`${name} ${whyUnreadable(error)}`];
    }
  });
  return (await Promise.all(problems)).flat();
}

/** The same, as far as it shows without reading the files. */
export async function missingFiles(folder: string, { files }: MeasurementRecord): Promise<string[]> {
  const problems = files.map(async ({ name, bytes }) => {
    const size = await stat(path.join(folder, name)).then(
      (found) => found.size,
      () => undefined,
    );
    if (size === undefined) return [`${name} is missing`];
    return size === bytes ? [] : [`${name} has ${size} bytes instead of ${bytes}`];
  });
  return (await Promise.all(problems)).flat();
}

/** What a reader of this version has to know about the record itself. */
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

/** Replies that are there and are not in the record. */
export async function unlistedReplies(folder: string, { files }: MeasurementRecord): Promise<StoredFile[]> {
  const listed = new Set(files.map(({ name }) => name));
  return (await readReplies(folder))
    .filter(({ name }) => !listed.has(name))
    .map(({ name, bytes }) => ({ name, bytes: bytes.byteLength, sha256: sha256(bytes) }));
}

/** The kept replies, first is oldest, each with its path. None where there is no folder of replies. */
export async function readReplies(
  folder: string,
): Promise<{ name: string; command: string; bytes: Buffer }[]> {
  const names = await readdir(path.join(folder, REPLIES)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const replies = names.flatMap((name) => {
    const [, number, command] = REPLY.exec(name) ?? [];
    return number === undefined || command === undefined ? [] : [{ name, number: Number(number), command }];
  });
  return Promise.all(
    replies
      .toSorted((a, b) => a.number - b.number)
      .map(async ({ name, command }) => ({
        name: `${REPLIES}/${name}`,
        command,
        bytes: await readPatiently(path.join(folder, REPLIES, name)),
      })),
  );
}

/** `replies/01_GetTestData.json` */
export function replyName(number: number, command: string): string {
  const plain = command.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40);
  return `${REPLIES}/${String(number).padStart(2, '0')}_${plain === '' ? 'reply' : plain}.json`;
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** @param reason as a sentence that follows a colon */
export function damaged(folder: string, reason: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    `${path.basename(folder)} is damaged: ${reason}`,
    {
      code: 'damaged',
      hint: `What is left of the measurement is in ${folder}. Call list_measurements for the others.`,
    },
    { cause },
  );
}

function whyUnreadable(error: unknown): string {
  if (error instanceof SyntaxError) return 'is not JSON: it was cut or overwritten';
  if (errorCode(error) === 'ENOENT') return 'is missing';
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}
