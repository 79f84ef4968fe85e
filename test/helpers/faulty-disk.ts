import type { Disk } from '../../src/files/disk.ts';
import { systemDisk } from '../../src/files/system-disk.ts';

export type Operation = Exclude<keyof Disk, 'pausesMs'>;

/** What becomes of an operation: it is refused with that code of the system, or carried out once that has come. */
export type Fault = string | Promise<unknown> | undefined;

/** The file system of this computer, of which a test says what goes wrong. A file in use is tried three times, at once. */
export function faultyDisk(faultOf: (operation: Operation, path: string) => Fault): Disk {
  const at = async <T>(operation: Operation, path: string, work: () => Promise<T>): Promise<T> => {
    const fault = faultOf(operation, path);
    if (typeof fault === 'string') throw systemError(fault, `${operation} ${path}`);
    await fault;
    return work();
  };
  return {
    pausesMs: [0, 0],
    look: (path) => at('look', path, () => systemDisk.look(path)),
    names: (folder) => at('names', folder, () => systemDisk.names(folder)),
    read: (file, most) => at('read', file, () => systemDisk.read(file, most)),
    create: (file, content) => at('create', file, () => systemDisk.create(file, content)),
    append: (file, text) => at('append', file, () => systemDisk.append(file, text)),
    rename: (from, to) => at('rename', to, () => systemDisk.rename(from, to)),
    link: (from, to) => at('link', to, () => systemDisk.link(from, to)),
    makeFolder: (folder) => at('makeFolder', folder, () => systemDisk.makeFolder(folder)),
    remove: (path) => at('remove', path, () => systemDisk.remove(path)),
    flush: (folder) => at('flush', folder, () => systemDisk.flush(folder)),
  };
}

/** The operations that change the disk. */
export const WRITES: readonly Operation[] = ['create', 'append', 'rename', 'link', 'makeFolder'];

export function systemError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: from the system, ${what}`), { code });
}
