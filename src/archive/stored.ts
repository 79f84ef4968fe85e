import { createHash } from 'node:crypto';
import type { StoredFile } from './record.ts';

export const RECORD_FILE = 'measurement.json';
export const DATASET_FILE = 'data.json';
export const TABLE_FILE = 'data.csv';
/** A sign of life: there for as long as somebody measures. */
export const HEARTBEAT_FILE = 'heartbeat.json';
export const REPLIES = 'replies';
/** Reply fetched while it measured: replaced by each later one, and gone when the data is there. */
export const PARTIAL_REPLY = `${REPLIES}/partial_GetTestData.json`;

/** `replies/01_GetTestData.json` */
export function replyName(number: number, command: string): string {
  const plain = command.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40);
  return `${REPLIES}/${String(number).padStart(2, '0')}_${plain === '' ? 'reply' : plain}.json`;
}

export function describeFile(name: string, content: Uint8Array | string): StoredFile {
  return { name, bytes: Buffer.byteLength(content), sha256: sha256(content) };
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
