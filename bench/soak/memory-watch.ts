import { median, type ProcessFigures, readProcess } from './process-figures.ts';

/**
 * Resources of the server at one point of the run: medians, since a single reading may fall before or after a
 * collection.
 */
export interface Mark extends ProcessFigures {
  /** Number of calls that have ended. */
  at: number;
  /** Connections open at the instrument. */
  sockets: number;
}

/** False on systems without /proc, which may not have the signal either: nothing is read there. */
const CAN_LOOK = readProcess(process.pid) !== undefined;
export const COLLECT = 'SIGUSR2';
/** Options of node for a process that collects its garbage at that signal. */
export const COLLECT_OPTIONS = [
  '--expose-gc',
  `--import=data:text/javascript,process.on('${COLLECT}',()=>gc())`,
] as const;
/**
 * Environment of a server that collects its garbage when told to. Node delays collection until the heap is
 * several times the used size, so that otherwise resident memory depends on the time of the last collection
 * rather than on the server.
 */
export const COLLECTABLE: Record<string, string> = CAN_LOOK
  ? { NODE_OPTIONS: COLLECT_OPTIONS.join(' ') }
  : {};

/** Number of readings before a mark, this many calls apart; the first half lets the heap settle. */
const LOOKS = 20;
const APART = 20;

/** Reads the server's memory, descriptors and connections: after 1,000 calls, each 10,000 and at the end. */
export class MemoryWatch {
  readonly marks: Mark[] = [];
  /** Largest memory at any reading, MiB. */
  highestMib = 0;
  readonly #pid: number | null;
  readonly #calls: number;
  readonly #sockets: () => number;
  #looks: Mark[] = [];

  /** @param calls total number of calls */
  constructor(pid: number | null, calls: number, sockets: () => number) {
    this.#pid = pid;
    this.#calls = calls;
    this.#sockets = sockets;
  }

  /** Must be called after every call. */
  look(at: number): void {
    if (!CAN_LOOK || this.#pid === null || (at % APART !== 0 && at !== this.#calls)) return;
    const figures = readProcess(this.#pid);
    if (figures === undefined) return;
    this.highestMib = Math.max(this.highestMib, figures.residentMib);
    const left = this.#nextMark(at) - at;
    if (left > LOOKS * APART) return;
    process.kill(this.#pid, COLLECT);
    this.#looks.push({ at, ...figures, sockets: this.#sockets() });
    if (left > 0) return;
    const settled = this.#looks.slice(Math.floor(this.#looks.length / 2));
    const of = (read: (mark: Mark) => number): number => median(settled.map(read));
    this.marks.push({
      at,
      residentMib: of(({ residentMib }) => residentMib),
      descriptors: of(({ descriptors }) => descriptors),
      sockets: of(({ sockets }) => sockets),
    });
    this.#looks = [];
  }

  #nextMark(at: number): number {
    return Math.min(this.#calls, at <= 1000 ? 1000 : Math.ceil(at / 10_000) * 10_000);
  }
}
