import path from 'node:path';
import type { Disk } from '../files/disk.ts';
import { writeWhole } from '../files/whole-files.ts';
import { HEARTBEAT_FILE } from './stored.ts';

/** Shows others that somebody measures, by a number that goes up: no clock is needed to see it change. */
export class Heartbeat {
  readonly #disk: Disk;
  #beats = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  async beat(folder: string): Promise<void> {
    this.#beats += 1;
    await writeWhole(this.#disk, path.join(folder, HEARTBEAT_FILE), `{"beat":${this.#beats}}\n`);
  }

  async end(folder: string): Promise<void> {
    if (this.#beats > 0) await this.#disk.remove(path.join(folder, HEARTBEAT_FILE)).catch(() => undefined);
  }
}
