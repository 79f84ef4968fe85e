import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFigures {
  /** Resident memory, MiB. */
  residentMib: number;
  /** Open file descriptors: sockets, pipes, files. */
  descriptors: number;
}

/** Of another process; undefined where there is no /proc to read it from. */
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

/** What a process used around one point of the run. */
export interface Mark extends ProcessFigures {
  at: number;
  /** Connections open at the instrument. */
  sockets: number;
}

/** Looks now and then, and gives the median of the last looks: one look may fall before or after a collection. */
export class Looks {
  readonly #looks: Mark[] = [];
  readonly #span: number;

  constructor(span: number) {
    this.#span = span;
  }

  add(look: Mark): void {
    this.#looks.push(look);
    if (this.#looks.length > this.#span) this.#looks.shift();
  }

  mark(at: number): Mark | undefined {
    if (this.#looks.length === 0) return undefined;
    return {
      at,
      residentMib: median(this.#looks.map(({ residentMib }) => residentMib)),
      descriptors: median(this.#looks.map(({ descriptors }) => descriptors)),
      sockets: median(this.#looks.map(({ sockets }) => sockets)),
    };
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
