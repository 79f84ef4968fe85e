import type { Disk } from './disk.ts';

export interface DiskLimits {
  /** Operations that are carried out at once; the others wait. */
  atOnce: number;
  /** How long one may take, ms, beside the time for its bytes. */
  limitMs: number;
  /** The same while another one has not ended in its time. */
  impatientMs: number;
  /** The slowest disk that is waited for. */
  bytesPerMs: number;
}

/**
 * Node carries out four operations at once, and looks up names of hosts among them: one is always left for the way to
 * the instrument. The time is that of a network disk that has to start turning first.
 */
const USUAL: DiskLimits = { atOnce: 3, limitMs: 10_000, impatientMs: 1000, bytesPerMs: 1024 };

/** An operation did not end in its time. The system still works at it, and may yet carry it out. */
export class DiskStalled extends Error {
  readonly code = 'ETIMEDOUT';
  /** Resolves when it has ended after all. */
  readonly ended: Promise<void>;

  constructor(what: string, ended: Promise<void>) {
    super(`${what} does not end`);
    this.name = 'DiskStalled';
    this.ended = ended;
  }
}

/**
 * The same disk, of which nobody has to wait for ever: a share whose server is gone lets an operation hang without an
 * end. What hangs keeps its place, so that no more operations hang than `atOnce`; then all others fail at once.
 */
export function limitedDisk(disk: Disk, limits: Partial<DiskLimits> = {}): Disk {
  const lanes = new Lanes({ ...USUAL, ...limits });
  const within = <T>(doing: string, path: string, work: () => Promise<T>, bytes = 0): Promise<T> =>
    lanes.run({ what: `${doing} ${path}`, path, bytes }, work);
  return {
    pausesMs: disk.pausesMs,
    look: (path) => within('looking at', path, () => disk.look(path)),
    names: (folder) => within('reading the folder', folder, () => disk.names(folder)),
    async read(file, most) {
      const { bytes } = await within('looking at', file, () => disk.look(file));
      return within('reading', file, () => disk.read(file, most), Math.min(bytes, most));
    },
    create: (file, content) =>
      within('writing', file, () => disk.create(file, content), Buffer.byteLength(content)),
    append: (file, text) => within('writing', file, () => disk.append(file, text), Buffer.byteLength(text)),
    rename: (from, to) => within('replacing', to, () => disk.rename(from, to)),
    link: (from, to) => within('making', to, () => disk.link(from, to)),
    makeFolder: (folder) => within('making the folder', folder, () => disk.makeFolder(folder)),
    remove: (path) => within('removing', path, () => disk.remove(path)),
    flush: (folder) => within('writing the folder', folder, () => disk.flush(folder)),
  };
}

interface Operation {
  /** In words, with the path. */
  what: string;
  path: string;
  /** To be read or written. */
  bytes: number;
}

/** Lets so many operations at a time at the disk. */
class Lanes {
  readonly #limits: DiskLimits;
  /** Told whether they have a lane, or that there will be none. */
  readonly #waiting: ((granted: boolean) => void)[] = [];
  /** Operations that have not ended in their time, and where they work. */
  readonly #overdue = new Map<Promise<void>, string>();
  #taken = 0;

  constructor(limits: DiskLimits) {
    this.#limits = limits;
  }

  async run<T>({ what, path, bytes }: Operation, work: () => Promise<T>): Promise<T> {
    // One file that hangs must not take all lanes, one after the other.
    for (const [ended, where] of this.#overdue) if (where === path) throw new DiskStalled(what, ended);
    await this.#lane(what);
    const { limitMs, impatientMs, bytesPerMs } = this.#limits;
    const patienceMs = (this.#overdue.size > 0 ? impatientMs : limitMs) + bytes / bytesPerMs;
    const result = work();
    const ended: Promise<void> = result
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => this.#leave(ended));
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#overdue.set(ended, path);
        reject(new DiskStalled(what, ended));
        // Each of the others waits for a lane that none will leave.
        if (this.#isStuck) for (const tell of this.#waiting.splice(0)) tell(false);
      }, patienceMs);
      result.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  get #isStuck(): boolean {
    return this.#overdue.size >= this.#limits.atOnce;
  }

  async #lane(what: string): Promise<void> {
    if (this.#taken < this.#limits.atOnce) {
      this.#taken += 1;
      return;
    }
    const granted = !this.#isStuck && (await new Promise<boolean>((tell) => this.#waiting.push(tell)));
    if (!granted) throw new DiskStalled(what, Promise.race(this.#overdue.keys()));
  }

  /** The lane goes to whoever waits longest. */
  #leave(ended: Promise<void>): void {
    this.#overdue.delete(ended);
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next(true);
  }
}
