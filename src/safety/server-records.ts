import path from 'node:path';
import * as z from 'zod';
import type { CommandObserver } from '../instrument/command-observer.ts';
import type { Logger } from '../logger.ts';
import type { Disk } from '../files/disk.ts';
import { errorCode } from '../files/file-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import { requireFolder } from '../files/members.ts';
import { readPatiently, writeWhole } from '../files/whole-files.ts';
import { parseJson } from '../text/json-text.ts';
import { plain, quote } from '../text/quote.ts';
import type { Ownership } from './ownership.ts';
import type { Thing } from './thing.ts';
import { readThing, writeThing } from './thing-in-file.ts';

const things = z.array(z.unknown()).max(300);

/** Record of what one server has switched on, on the disk: so that it is known when the server was killed. */
const recordSchema = z.looseObject({
  host: z.string().max(300),
  pid: z.int(),
  /** Address of the instrument that the server operates. */
  instrument: z.string().max(300),
  /** UTC, when it was last written. */
  at: z.iso.datetime(),
  /** Things that are on. Empty when nothing is. */
  on: things,
  /** Things that were switched off as far as the instrument says, and that cannot be read back. */
  unverified: things.default([]),
  ended: z.boolean(),
  /** The server was gone with this on, and its guard process switched it off. */
  taken_over: z.looseObject({ at: z.iso.datetime(), off: things }).optional(),
});
type ServerRecord = z.output<typeof recordSchema>;

export interface ServerRecordsOptions {
  /** The data folder; made when something is first switched on. */
  folder: string;
  disk: Disk;
  /** Name of this server's file, without its ending. */
  server: string;
  host: string;
  pid: number;
  /** The instrument's address, as people are told; undefined where nothing on it can outlive this server. */
  instrument: string | undefined;
  isAlive: (pid: number) => boolean;
  now: () => Date;
  ownership: Ownership;
  logger: Logger;
}

const HEARTBEAT_MS = 5000;
/** No record of ours comes near this. */
const MAX_RECORD_BYTES = 64 * 1024;
/** A server whose file is older does not live any more, whatever its process number says. */
const STALE_MS = 60_000;
/** How long the disk may take to tell, before it is said that it does not. */
const PATIENCE_MS = 1000;

/**
 * Things left switched on by a server that did not end in order, and things that a server which did could not verify.
 */
export interface LeftOver {
  by: string;
  at: string;
  on: readonly Thing[];
  unverified: readonly Thing[];
  /** Entries that name nothing that is known here, in words. Nothing can be sent for them. */
  unknown: readonly string[];
}

/** Things that the guard process of a killed server has switched off. */
export interface TakenOver {
  by: string;
  at: string;
  off: readonly Thing[];
}

export interface LeftOvers {
  found: readonly LeftOver[];
  /** Only where nothing was switched on since. */
  takenOver: TakenOver | undefined;
  /** Why there may be more, one sentence each: the disk does not answer, or a record cannot be read. */
  problems: readonly string[];
}

/**
 * Keeps on the disk what this server has switched on, and knows what others left behind. What is read is data of
 * strangers: it names things, and is never sent.
 */
export class ServerRecords {
  readonly #options: ServerRecordsOptions;
  #written = '';
  #writing: Promise<void> = Promise.resolve();
  #isQueued = false;
  #ended = false;
  #takenOver: ServerRecord['taken_over'];
  #heartbeat: NodeJS.Timeout | undefined;
  #looking: Promise<Abandoned> | undefined;

  constructor(options: ServerRecordsOptions) {
    this.#options = options;
    this.#written = this.#state();
  }

  readonly observe: CommandObserver = () => {
    this.#note();
    return () => this.#note();
  };

  /** Writes the last word of this server. */
  async end(): Promise<void> {
    clearInterval(this.#heartbeat);
    if (this.#heartbeat !== undefined) this.#write(true);
    await within(PATIENCE_MS, this.#writing);
  }

  /** Writes what the guard process of this server, which is gone, has switched off, and what it could not. */
  async noteTakenOver(off: readonly Thing[]): Promise<void> {
    this.#takenOver = { at: this.#options.now().toISOString(), off: off.map(writeThing) };
    this.#write(true);
    await within(PATIENCE_MS, this.#writing);
  }

  /** Looks at the records of servers on this instrument that are gone without having switched off what they had on. */
  async leftOvers(): Promise<LeftOvers> {
    const abandoned = await this.#abandoned();
    if (abandoned === undefined) return { found: [], takenOver: undefined, problems: [this.#silence()] };
    const found = abandoned.records.map(({ record: { host, pid, at, on, unverified } }) => {
      const [known, cleared] = [on.map(readThing), unverified.map(readThing)];
      return {
        by: nameOf({ host, pid }),
        at,
        on: known.filter((thing) => typeof thing !== 'string'),
        unverified: cleared.filter((thing) => typeof thing !== 'string'),
        unknown: [...known, ...cleared].filter((thing) => typeof thing === 'string'),
      };
    });
    return { found, takenOver: this.#lastTakenOver(abandoned), problems: abandoned.problems };
  }

  /** Everything was switched off: what others left is history. */
  async clearLeftOvers(): Promise<void> {
    const abandoned = await this.#abandoned();
    const { records = [], newest } = abandoned ?? {};
    const told = newest?.record.taken_over === undefined ? [] : [newest];
    const clearing = [...new Set([...records, ...told])].map(({ name, record }) => {
      const { taken_over: _, ...rest } = record;
      return this.#put(name, { ...rest, on: [], unverified: [], ended: true });
    });
    await within(PATIENCE_MS, Promise.all(clearing));
  }

  /** Undefined where the disk does not tell in time. One look at a time: what hangs is not asked again. */
  #abandoned(): Promise<Abandoned | undefined> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return within(PATIENCE_MS, this.#looking);
  }

  async #look(): Promise<Abandoned> {
    const { server, instrument } = this.#options;
    const found: Abandoned = { records: [], problems: [] };
    try {
      for (const name of await this.#files()) {
        if (name === `${server}.json`) continue;
        const record = await this.#read(name);
        if (typeof record === 'string')
          found.problems.push(
            `${quote(path.join('servers', name))} cannot be read, so what that server left on is not known (${record}); remove it once it is`,
          );
        else if (record !== undefined && record.instrument === instrument) {
          const one = { name, record };
          if (this.#isLeft(record)) found.records.push(one);
          if (found.newest === undefined || found.newest.record.at < record.at) found.newest = one;
        }
      }
    } catch (error) {
      found.problems.push(
        `what servers that are gone left on is not known: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return found;
  }

  /** The last thing that was done here was done by a guard process, as far as the records tell. */
  #lastTakenOver({ newest }: Abandoned): TakenOver | undefined {
    const hasWritten = this.#heartbeat !== undefined;
    const { taken_over: taken, host, pid } = newest?.record ?? {};
    if (hasWritten || taken === undefined || host === undefined || pid === undefined) return undefined;
    const off = taken.off.map(readThing).filter((thing) => typeof thing !== 'string');
    if (off.length === 0) return undefined;
    return { by: nameOf({ host, pid }), at: taken.at, off };
  }

  #silence(): string {
    return `what servers that are gone left on is not known: the data folder ${this.#options.folder} does not answer`;
  }

  #isLeft(record: ServerRecord): boolean {
    return record.on.length + record.unverified.length > 0 && !this.#lives(record);
  }

  /** Contents that this server would write, apart from the time. */
  #state(): string {
    const { ownership } = this.#options;
    return JSON.stringify([ownership.on, ownership.unverified]);
  }

  #note(): void {
    const state = this.#state();
    if (state === this.#written) return;
    this.#written = state;
    this.#write(false);
    if (this.#heartbeat === undefined) {
      this.#heartbeat = setInterval(() => this.#write(false), HEARTBEAT_MS);
      this.#heartbeat.unref();
    }
  }

  /** Behind what is being written; what changes until then goes with it. */
  #write(ended: boolean): void {
    this.#ended ||= ended;
    if (this.#options.instrument === undefined || this.#isQueued) return;
    this.#isQueued = true;
    this.#writing = this.#writing.then(() => {
      this.#isQueued = false;
      return this.#put(`${this.#options.server}.json`, this.#record());
    });
  }

  #record(): ServerRecord {
    const { host, pid, instrument = '', now, ownership } = this.#options;
    return {
      host,
      pid,
      instrument,
      at: now().toISOString(),
      on: ownership.on.map(writeThing),
      unverified: ownership.unverified.map(writeThing),
      ended: this.#ended,
      ...(this.#takenOver === undefined ? {} : { taken_over: this.#takenOver }),
    };
  }

  get #folder(): string {
    return path.join(this.#options.folder, 'servers');
  }

  async #put(name: string, record: ServerRecord): Promise<void> {
    const file = path.join(this.#folder, name);
    try {
      const { disk } = this.#options;
      await makeFolder(disk, this.#folder);
      await requireFolder(disk, this.#folder);
      await writeWhole(disk, file, `${JSON.stringify(record, null, 2)}\n`);
    } catch (error) {
      this.#options.logger.warn({ err: error, file }, 'what is switched on could not be noted');
    }
  }

  async #files(): Promise<string[]> {
    const { disk } = this.#options;
    try {
      await requireFolder(disk, this.#folder);
      return (await disk.names(this.#folder)).filter(
        (name) => name.endsWith('.json') && !name.startsWith('.'),
      );
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  /** Why it cannot be read, as a sentence; undefined where it is gone. */
  async #read(name: string): Promise<ServerRecord | string | undefined> {
    const file = path.join(this.#folder, name);
    try {
      const parsed = recordSchema.safeParse(
        parseJson(await readPatiently(this.#options.disk, file, MAX_RECORD_BYTES)),
      );
      return parsed.success ? parsed.data : 'it has not the form of a record';
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT') return undefined;
      if (code === 'EFBIG') return `it has more than ${MAX_RECORD_BYTES / 1024} KiB`;
      if (code === 'ELOOP' || code === 'EINVAL') return 'it is no file';
      return error instanceof SyntaxError ? 'it is not JSON' : String(error);
    }
  }

  #lives({ host, pid, at, ended }: ServerRecord): boolean {
    if (ended) return false;
    if (host === this.#options.host && !this.#options.isAlive(pid)) return false;
    return this.#options.now().getTime() - new Date(at).getTime() < STALE_MS;
  }
}

function nameOf({ host, pid }: { host: string; pid: number }): string {
  return `${plain(host, 100)}, process ${pid}`;
}

interface Abandoned {
  records: { name: string; record: ServerRecord }[];
  /** The one that was written last on this instrument. */
  newest?: { name: string; record: ServerRecord };
  problems: string[];
}

/** Resolves with the result of the work, or with undefined when the work takes longer. */
function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
