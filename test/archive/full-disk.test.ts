import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { dataset, draft, open } from './fixture.ts';

/** A real disk of 1 MiB, where this system lets it be made. */
const disk = mkdtempSync(path.join(tmpdir(), 'arkeo-small-'));
const isMounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'arkeo', disk]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Takes all the room that is left. */
function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(bavail * bsize));
}

it.runIf(isMounted)(
  'a disk that is really full costs nothing once there is room (only where a tmpfs can be mounted: as root on Linux)',
  async () => {
    const archive = open(path.join(disk, 'data'), { retryMs: 5 });
    const entry = await archive.begin(draft());
    await entry.keepPartial(dataset(1), Buffer.from('{}'));
    fill();
    await expect(archive.begin(draft())).rejects.toMatchObject({ code: 'disk_full' });
    await expect(archive.requireWritable()).rejects.toMatchObject({ code: 'disk_full' });
    const reply = Buffer.alloc(100_000, 'x');
    await expect(entry.keepReply('GetTestData', reply)).rejects.toMatchObject({ code: 'disk_full' });
    await expect(entry.keepDataset(dataset(2))).rejects.toMatchObject({ code: 'disk_full' });
    await expect(entry.end('complete', {})).rejects.toMatchObject({ code: 'disk_full' });
    expect((await archive.read(entry.id)).state).not.toBe('running');
    rmSync(path.join(disk, 'ballast'));
    await expect.poll(async () => (await archive.read(entry.id)).state).toBe('complete');
    expect(await archive.read(entry.id)).toMatchObject({
      problems: [],
      record: { partial: false, unwritten: [] },
    });
    expect((await archive.replies(entry.id)).map(({ bytes }) => bytes.equals(reply))).toEqual([true]);
    expect(await archive.dataset(entry.id)).toEqual(dataset(2));
    const names = readdirSync(disk, { recursive: true }).map(String);
    expect(names.filter((name) => name.includes('.tmp-'))).toEqual([]);
    expect(existsSync(path.join(entry.folder, 'data.csv'))).toBe(true);
  },
);
