import { median, type ProcessFigures, readProcess } from './process-figures.ts';

/** What the server used at one point of the run: medians, since a single look may fall before or after a collection. */
export interface Mark extends ProcessFigures {
  /** Calls that have ended. */
  at: number;
  /** Connections open at the instrument. */
  sockets: number;
}

/** Where there is no /proc, nothing is looked at, and there may be no such signal. */
const CAN_LOOK = readProcess(process.pid) !== undefined;
export const COLLECT = 'SIGUSR2';
/** For node: a process that collects its garbage at that signal. */
export const COLLECT_OPTIONS = [
  '--expose-gc',
  `--import=data:text/javascript,process.on('${COLLECT}',()=>gc())`,
] as const;
/**
 * Environment of a server that collects its garbage when told to. Node lets it lie until the heap is several times what
 * is in use, so that otherwise resident memory says when it last collected rather than what the server holds.
 */
export const COLLECTABLE: Record<string, string> = CAN_LOOK
  ? { NODE_OPTIONS: COLLECT_OPTIONS.join(' ') }
  : {};

/** Before a mark it is looked at this often, this many calls apart; the first half is for the heap to settle. */
const LOOKS = 20;
const APART = 20;

/** Looks at the server's memory, descriptors and connections: after 1,000 calls, each 10,000 and at the end. */
export class MemoryWatch {
  readonly marks: Mark[] = [];
  /** Most that it was at any look, MiB. */
  highestMib = 0;
  readonly #pid: number | null;
  readonly #calls: number;
  readonly #sockets: () => number;
  #looks: Mark[] = [];

  /** @param calls how many there will be */
  constructor(pid: number | null, calls: number, sockets: () => number) {
    this.#pid = pid;
    this.#calls = calls;
    this.#sockets = sockets;
  }

  /** To be called after every call. */
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
