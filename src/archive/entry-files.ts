import path from 'node:path';
import type { Disk } from '../files/disk.ts';
import { asError } from '../files/file-error.ts';
import { DiskStalled } from '../files/limited-disk.ts';
import { makeFolder } from '../files/make-folder.ts';
import { lookAtMember, NotAMember, requireFolder } from '../files/members.ts';
import { addWhole, writeWhole } from '../files/whole-files.ts';
import type { StoredFile } from './record.ts';
import { DATASET_FILE, describeFile, PARTIAL_REPLY, REPLIES, replyName, TABLE_FILE } from './stored.ts';

/** A reply as it came. */
interface Reply {
  command: string;
  bytes: Uint8Array;
  /** Once it is on the disk. */
  file?: StoredFile | undefined;
  /** The name that the disk failed at last: it may be there under that. */
  tried?: string | undefined;
}

/** A file that is made of the replies, and made anew of later ones. */
interface Derived {
  name: string;
  content: () => Uint8Array | string;
  file?: StoredFile | undefined;
  /** Why the disk refused it last. */
  refusal?: Error;
}

/** Holds what one measurement has to keep beside its record, and what of it is on the disk. */
export class EntryFiles {
  readonly #disk: Disk;
  /** Kept by whoever held the entry before. */
  #before: StoredFile[];
  #replies: Reply[] = [];
  #derived: Derived[] = [];
  /** A checkpoint of before was replaced by the data. */
  #withoutPartial = false;

  constructor(disk: Disk, before: readonly StoredFile[]) {
    this.#disk = disk;
    this.#before = [...before];
  }

  addReply(command: string, bytes: Uint8Array): void {
    this.#replies.push({ command, bytes });
  }

  /** In place of what was derived before. */
  setDerived(derived: readonly Derived[], isPartial: boolean): void {
    this.#derived = derived.map(({ name, content }) => ({ name, content }));
    this.#withoutPartial = !isPartial;
  }

  /** Files that are on the disk and belong to the measurement as it is now. */
  get written(): StoredFile[] {
    const replaced = [
      ...(this.#derived.length === 0 ? [] : [DATASET_FILE, TABLE_FILE]),
      ...this.#derived.map(({ name }) => name),
      ...(this.#withoutPartial ? [PARTIAL_REPLY] : []),
    ];
    return [
      ...this.#before.filter(({ name }) => !replaced.includes(name)),
      ...this.#replies.flatMap(({ file }) => file ?? []),
      ...this.#derived.flatMap(({ file }) => file ?? []),
    ];
  }

  get lostReplies(): number {
    return this.#replies.filter(({ file }) => file === undefined).length;
  }

  /** Data that is nowhere on the disk: what is gathered from live readings is in no reply. */
  get lostData(): Derived | undefined {
    const data = this.#derived.filter(({ name }) => name === DATASET_FILE || name === TABLE_FILE);
    const isInReplies = this.written.some(({ name }) => name.startsWith(`${REPLIES}/`));
    return isInReplies || data.some(({ file }) => file !== undefined) ? undefined : data[0];
  }

  get unwrittenDerived(): Derived[] {
    return this.#derived.filter(({ file }) => file === undefined);
  }

  /** Derived files that the disk refused; those that were not tried yet are none. */
  get refused(): Derived[] {
    return this.unwrittenDerived.filter(({ refusal }) => refusal !== undefined);
  }

  /** Nothing of it is on the disk: it goes to another folder. */
  startAnew(): void {
    this.#before = [];
    for (const reply of this.#replies) {
      reply.file = undefined;
      reply.tried = undefined;
    }
    for (const derived of this.#derived) derived.file = undefined;
  }

  /** Writes the replies that are not on the disk yet, in their order. Throws what the disk throws first. */
  async writeReplies(folder: string): Promise<void> {
    for (const reply of this.#replies) reply.file ??= await this.#writeReply(folder, reply);
  }

  /** Writes what is derived. What the disk refuses is noted and decides nothing. Throws DiskStalled. */
  async writeDerived(folder: string): Promise<void> {
    for (const derived of this.unwrittenDerived) {
      try {
        if (derived.name.startsWith(`${REPLIES}/`)) await this.#requireReplies(folder);
        const content = derived.content();
        await writeWhole(this.#disk, path.join(folder, derived.name), content);
        derived.file = describeFile(derived.name, content);
      } catch (error) {
        if (error instanceof DiskStalled) throw error;
        derived.refusal = asError(error);
      }
    }
  }

  /** Writes a reply under a free name: a file that another process kept there stays, also where nobody listed it. */
  async #writeReply(folder: string, reply: Reply): Promise<StoredFile> {
    const { command, bytes } = reply;
    await this.#requireReplies(folder);
    const ours = new Set(this.written.map(({ name }) => name));
    const first = this.#replies.filter(({ file }) => file !== undefined).length + 1;
    for (let number = first; ; number += 1) {
      const name = replyName(number, command);
      if (ours.has(name)) continue;
      const isOurs = reply.tried === name;
      reply.tried = name;
      const isWritten =
        (await addWhole(this.#disk, path.join(folder, name), bytes)) ||
        (await this.#isThere(folder, name, bytes, isOurs));
      if (isWritten) return describeFile(name, bytes);
    }
  }

  /**
   * A disk that failed may have written it after all: it is not written twice.
   * @param isOurs it was tried under that name before, so that what cannot be read may be it
   */
  async #isThere(folder: string, name: string, bytes: Uint8Array, isOurs: boolean): Promise<boolean> {
    try {
      const { file, found } = await lookAtMember(this.#disk, folder, name);
      if (found.bytes !== bytes.byteLength) return false;
      return (await this.#disk.read(file, found.bytes)).equals(bytes);
    } catch (error) {
      if (error instanceof DiskStalled || (isOurs && !(error instanceof NotAMember))) throw error;
      return false;
    }
  }

  async #requireReplies(folder: string): Promise<void> {
    const replies = path.join(folder, REPLIES);
    await makeFolder(this.#disk, replies);
    await requireFolder(this.#disk, replies);
  }
}
