import path from 'node:path';
import type { Outcome } from '../errors.ts';
import type { CommandObserver } from '../instrument/command-observer.ts';
import type { Logger } from '../logger.ts';
import type { Callers } from './caller.ts';
import type { Disk } from '../files/disk.ts';
import { errorCode } from '../files/file-error.ts';
import { makeFolder } from '../files/make-folder.ts';

/** One command that was written to the instrument. */
export interface AuditEntry {
  /** UTC, ISO 8601, when it was written. */
  at: string;
  target: string;
  command: string;
  parameter: unknown;
  outcome: 'ok' | Outcome;
  /** From writing it to its outcome. */
  ms: number;
  /** On whose behalf: the MCP tool and host; null where the server acted by itself, as when it ends. */
  tool: string | null;
  host: string | null;
  job: string | null;
  /** Keys of the questions to which a person agreed for this call. */
  agreed: readonly string[];
}

export interface AuditOptions {
  /** The data folder; made with the first command. Undefined: nothing is written down. */
  folder: string | undefined;
  disk: Disk;
  /** Tells the files of two servers apart. */
  server: string;
  now: () => Date;
  callers: Callers;
  logger: Logger;
}

/** Kept in memory, for whoever asks what was done last. */
const REMEMBERED = 1000;
/** Characters of one parameter. */
const MAX_PARAMETER = 4000;
/** Kept for a disk that does not answer; the oldest are given up beyond it. */
const MOST_WAITING = 10_000;
/** Lines of what only reads may wait this long for each other: decision 0017. */
const GATHER_READS_MS = 100;

/** Writes down every command on the wire: JSON lines, one file per server and day. */
export class AuditLog {
  readonly #options: AuditOptions;
  readonly #entries: AuditEntry[] = [];
  #writing: Promise<void> = Promise.resolve();
  #waiting: AuditEntry[] = [];
  #isQueued = false;
  #gathering: NodeJS.Timeout | undefined;
  #failed = false;

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  /** The last ones, oldest first. */
  get entries(): readonly AuditEntry[] {
    return this.#entries;
  }

  readonly observe: CommandObserver = ({ target, command, parameter, kind }) => {
    const { callers, now } = this.#options;
    const caller = callers.current;
    const at = now().toISOString();
    const began = performance.now();
    return (outcome) => {
      const entry: AuditEntry = {
        at,
        target,
        command,
        parameter: shortened(parameter),
        outcome,
        ms: Math.round(performance.now() - began),
        tool: caller?.tool ?? null,
        host: caller?.host ?? null,
        job: caller?.job ?? null,
        agreed: [...(caller?.agreed ?? [])],
      };
      this.#add(entry);
      if (kind !== 'read' || outcome !== 'ok') this.#writeSoon();
      else this.#gathering ??= setTimeout(() => this.#writeSoon(), GATHER_READS_MS);
    };
  };

  /** Resolves when everything so far is on the disk, or cannot be. */
  async flush(): Promise<void> {
    this.#writeSoon();
    await this.#writing;
  }

  #add(entry: AuditEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > REMEMBERED) this.#entries.shift();
    if (this.#options.folder === undefined) return;
    this.#waiting.push(entry);
    if (this.#waiting.length <= MOST_WAITING) return;
    this.#waiting.shift();
    this.#noteFailure(
      new Error(`more than ${MOST_WAITING} commands wait for the disk: the oldest are not kept`),
    );
  }

  /** Behind what is being written, with all that came in meanwhile. */
  #writeSoon(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#isQueued || this.#waiting.length === 0) return;
    this.#isQueued = true;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const entries = this.#waiting;
    this.#waiting = [];
    this.#isQueued = false;
    const { folder, disk, server } = this.#options;
    if (folder === undefined) return;
    const day = entries[0]?.at.slice(0, 10) ?? '';
    const file = path.join(folder, 'log', `${day}_${server}.jsonl`);
    try {
      await append(disk, file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    } catch (error) {
      this.#noteFailure(error);
    }
  }

  /** A full disk must not stop the instrument from being operated; it is said once. */
  #noteFailure(error: unknown): void {
    const { folder, logger } = this.#options;
    if (!this.#failed) logger.error({ err: error, folder }, 'the command log cannot be written');
    this.#failed = true;
  }
}

/** Makes the folder where there is none: it may be removed while the server runs. */
async function append(disk: Disk, file: string, text: string): Promise<void> {
  try {
    await disk.append(file, text);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await makeFolder(disk, path.dirname(file));
    await disk.append(file, text);
  }
}

function shortened(parameter: unknown): unknown {
  const text = JSON.stringify(parameter) ?? '';
  return text.length <= MAX_PARAMETER ? parameter : `${text.slice(0, MAX_PARAMETER)}…`;
}
