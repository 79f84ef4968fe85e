import path from 'node:path';
import * as z from 'zod';
import type { CommandObserver } from '../instrument/command-observer.ts';
import type { Logger } from '../logger.ts';
import type { Laser } from './laser.ts';
import type { Disk } from '../files/disk.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readPatiently, writeWhole } from '../files/whole-files.ts';
import { parseJson } from '../text/json-text.ts';
import type { Ownership } from './ownership.ts';

/** What one server has switched on, on the disk: so that it is known when the server was killed. */
const recordSchema = z.looseObject({
  host: z.string(),
  pid: z.number(),
  /** Where the instrument is that it operates. */
  instrument: z.string(),
  /** UTC, when it was last written. */
  at: z.string(),
  /** In words: "LED board 1", "laser channel 1". Empty when nothing is on. */
  on: z.array(z.string()),
  /** How to switch its lasers off, since the instrument does not show which are on. */
  lasers: z
    .array(
      z.object({
        routine: z.string().optional(),
        name: z.string(),
        off: z.record(z.string(), z.unknown()),
        dutyCycleOnly: z.boolean(),
      }),
    )
    .default([]),
  ended: z.boolean(),
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
/** A record that is longer is nobody's. */
const MAX_RECORD_BYTES = 1024 * 1024;
/** A server whose file is older does not live any more, whatever its process number says. */
const STALE_MS = 60_000;

/** What was left switched on by a server that did not end in order. */
export interface LeftOver {
  by: string;
  at: string;
  on: readonly string[];
  lasers: readonly Laser[];
}

/** Keeps on the disk what this server has switched on, and knows what others left behind. */
export class ServerRecords {
  readonly #options: ServerRecordsOptions;
  #written = '[]';
  #writing: Promise<void> = Promise.resolve();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: ServerRecordsOptions) {
    this.#options = options;
  }

  readonly observe: CommandObserver = () => {
    this.#note();
    return () => this.#note();
  };

  /** The last word of this server. */
  async end(): Promise<void> {
    clearInterval(this.#heartbeat);
    if (this.#heartbeat !== undefined) this.#write(this.#options.ownership.switchedOn, true);
    await this.#writing;
  }

  /** Of servers on this instrument that are gone without having switched off what they had on. */
  async leftOver(): Promise<LeftOver[]> {
    return (await this.#abandoned()).map(({ record: { host, pid, at, on, lasers } }) => ({
      by: `${host}, process ${pid}`,
      at,
      on,
      lasers: lasers.map((laser) => ({ ...laser, routine: laser.routine })),
    }));
  }

  /** Everything was switched off: what others left is history. */
  async clearLeftOver(): Promise<void> {
    for (const { name, record } of await this.#abandoned())
      await this.#put(name, { ...record, on: [], lasers: [], ended: true });
  }

  async #abandoned(): Promise<{ name: string; record: ServerRecord }[]> {
    const { server, instrument } = this.#options;
    const records = await Promise.all(
      (await this.#files()).map(async (name) => ({ name, record: await this.#read(name) })),
    );
    return records.flatMap(({ name, record }) =>
      record === undefined ||
      name === `${server}.json` ||
      record.instrument !== instrument ||
      record.on.length === 0 ||
      this.#lives(record)
        ? []
        : [{ name, record }],
    );
  }

  #note(): void {
    const on = this.#options.ownership.switchedOn;
    if (JSON.stringify(on) === this.#written) return;
    this.#written = JSON.stringify(on);
    this.#write(on, false);
    if (this.#heartbeat === undefined) {
      this.#heartbeat = setInterval(
        () => this.#write(this.#options.ownership.switchedOn, false),
        HEARTBEAT_MS,
      );
      this.#heartbeat.unref();
    }
  }

  #write(on: readonly string[], ended: boolean): void {
    const { host, pid, instrument, server, now, ownership } = this.#options;
    if (instrument === undefined) return;
    const { lasers } = ownership;
    const at = now().toISOString();
    const record: ServerRecord = { host, pid, instrument, at, on: [...on], lasers, ended };
    this.#writing = this.#writing.then(() => this.#put(`${server}.json`, record));
  }

  get #folder(): string {
    return path.join(this.#options.folder, 'servers');
  }

  async #put(name: string, record: ServerRecord): Promise<void> {
    const file = path.join(this.#folder, name);
    try {
      await makeFolder(this.#options.disk, this.#folder);
      await writeWhole(this.#options.disk, file, `${JSON.stringify(record, null, 2)}\n`);
    } catch (error) {
      this.#options.logger.warn({ err: error, file }, 'what is switched on could not be noted');
    }
  }

  async #files(): Promise<string[]> {
    const names = await this.#options.disk.names(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith('.json'));
  }

  async #read(name: string): Promise<ServerRecord | undefined> {
    try {
      const file = path.join(this.#folder, name);
      const bytes = await readPatiently(this.#options.disk, file, MAX_RECORD_BYTES);
      return recordSchema.safeParse(parseJson(bytes)).data;
    } catch {
      return undefined;
    }
  }

  #lives({ host, pid, at, ended }: ServerRecord): boolean {
    if (ended) return false;
    if (host === this.#options.host && !this.#options.isAlive(pid)) return false;
    return this.#options.now().getTime() - new Date(at).getTime() < STALE_MS;
  }
}
