import { decodeReply } from '../protocol/envelope.ts';
import type { Archive } from '../archive/archive.ts';

/** Reads the replies to a command that were kept of a measurement, oldest first; without those that cannot be read. */
export async function keptReplies(archive: Archive, id: string, command: string): Promise<unknown[]> {
  const replies = await archive.replies(id);
  return replies.filter((reply) => reply.command === command).flatMap(({ bytes }) => dataOf(bytes));
}

function dataOf(bytes: Buffer): unknown[] {
  try {
    const reply = decodeReply(bytes);
    return reply.ok ? [reply.data] : [];
  } catch {
    return [];
  }
}
