/** File, folder, link or other object on the disk. A link is told as such and never followed. */
export interface Found {
  kind: 'file' | 'folder' | 'link' | 'other';
  bytes: number;
  /** The time of its last change, by the clock of whoever keeps the disk. */
  modified: Date;
}

/**
 * The operations of a file system that this program uses. They fail as those of Node do, with the system's `code`.
 * No file is opened through a link, and opening never waits for the other end of a pipe.
 */
export interface Disk {
  look(path: string): Promise<Found>;
  /** The names in a folder. */
  names(folder: string): Promise<string[]>;
  /** All of a file. Throws `EFBIG` where it has more than `most` bytes, `ELOOP` for a link, `EINVAL` for no file. */
  read(file: string, most: number): Promise<Buffer>;
  /** Writes a file that is not there yet, down to the disk. Leaves nothing where it fails. Throws `EEXIST`. */
  create(file: string, content: Uint8Array | string): Promise<void>;
  /** Adds to the end of a file, which is made where it is missing. */
  append(file: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A second name for a file. Throws `EEXIST`. */
  link(from: string, to: string): Promise<void>;
  /** Makes one folder, in one that is there. */
  makeFolder(folder: string): Promise<void>;
  /** Removes a file, or a folder with what is in it; nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Makes new names in the folder outlast a power cut, where the system knows how. */
  flush(folder: string): Promise<void>;
  /** Before each further try at a file that another program has open, ms. */
  readonly pausesMs: readonly number[];
}
