import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFigures {
  /** Resident memory, MiB. */
  residentMib: number;
  /** Open file descriptors: sockets, pipes, files. */
  descriptors: number;
}

/** Reads the figures of another process; undefined without /proc. */
export function readProcess(pid: number): ProcessFigures | undefined {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (kib === undefined) return undefined;
    return { residentMib: Number(kib) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
