import { readFileSync } from 'node:fs';
import { decodeReply } from '../../../src/protocol/envelope.ts';

/** The data of a documented reply. */
export function wireData(name: string): unknown {
  const reply = decodeReply(readFileSync(new URL(`../../fixtures/wire/${name}`, import.meta.url)));
  if (!reply.ok) throw new Error(reply.message);
  return reply.data;
}

/** Name and unit of each column of a scan. */
export function headingsOf(scan: { columns: { name: string; unit: string }[] } | undefined): string[][] {
  return (scan?.columns ?? []).map(({ name, unit }) => [name, unit]);
}

/** One row of a scan. */
export function rowOf(
  scan: { columns: { values: (number | null)[] }[] } | undefined,
  index: number,
): (number | null)[] {
  return (scan?.columns ?? []).map(({ values }) => values[index] ?? null);
}
