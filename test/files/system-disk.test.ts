import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemDisk } from '../../src/files/system-disk.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const place = mkdtempSync(path.join(tmpdir(), 'arkeo-disk-'));
  made.push(place);
  return place;
}

describe('the disk', () => {
  it('reads and writes whole files', async () => {
    const file = path.join(newFolder(), 'a');
    await systemDisk.create(file, 'one');
    await expect(systemDisk.create(file, 'two')).rejects.toMatchObject({ code: 'EEXIST' });
    await systemDisk.append(file, ' two');
    expect(String(await systemDisk.read(file, 7))).toBe('one two');
    await expect(systemDisk.read(file, 6)).rejects.toMatchObject({ code: 'EFBIG' });
    expect(await systemDisk.look(file)).toMatchObject({ kind: 'file', bytes: 7 });
  });

  it('does not follow links', async () => {
    const place = newFolder();
    const [real, link] = [path.join(place, 'real'), path.join(place, 'link')];
    writeFileSync(real, 'mine');
    symlinkSync(real, link);
    expect(await systemDisk.look(link)).toMatchObject({ kind: 'link' });
    await expect(systemDisk.read(link, 100)).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(systemDisk.append(link, 'x')).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(systemDisk.create(link, 'x')).rejects.toMatchObject({ code: 'EEXIST' });
    await systemDisk.remove(link);
    expect(readFileSync(real, 'utf8')).toBe('mine');
  });

  it('takes nothing for a file that is none', async () => {
    const place = newFolder();
    mkdirSync(path.join(place, 'sub'));
    const refused = { code: expect.stringMatching(/^(EINVAL|EISDIR|EPERM|EACCES)$/) };
    await expect(systemDisk.read(place, 100)).rejects.toMatchObject(refused);
    await expect(systemDisk.append(place, 'x')).rejects.toMatchObject(refused);
  });

  // Windows has no such files.
  it.runIf(process.platform !== 'win32')('never waits for the other end of a pipe', async () => {
    const pipe = path.join(newFolder(), 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    await expect(systemDisk.read(pipe, 100)).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(systemDisk.append(pipe, 'x')).rejects.toMatchObject({ code: 'ENXIO' });
    expect(await systemDisk.look(pipe)).toMatchObject({ kind: 'other' });
  });
});
