import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';

/**
 * Computes a mark that tells one table of processes from another, so that the number of a process is only looked up
 * where it was given: two computers may have the same name, and two containers on one computer the same numbers. On
 * Linux the mark is made of the start of the system and the namespace of process numbers; elsewhere it is made of the
 * name of the computer with the addresses of its network cards, of which no two in one network have the same. Undefined
 * where nothing tells.
 */
export function processTable(): string | undefined {
  const marks = process.platform === 'linux' ? linuxMarks() : cardMarks();
  return marks === undefined ? undefined : createHash('sha256').update(marks).digest('hex').slice(0, 16);
}

function linuxMarks(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

function cardMarks(): string | undefined {
  const cards = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .flatMap(({ internal, mac }) => (internal || /^[0:]*$/.test(mac) ? [] : [mac]));
  return cards.length === 0 ? undefined : [hostname(), ...new Set(cards)].toSorted().join(' ');
}
