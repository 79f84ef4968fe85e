import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Disk } from '../../src/files/disk.ts';
import { type DiskLimits, limitedDisk } from '../../src/files/limited-disk.ts';
import { faultyDisk } from '../helpers/faulty-disk.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A disk of which some files hang until they are let go. */
function hangingDisk(limits: Partial<DiskLimits> = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-limited-'));
  made.push(folder);
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  let hangs = (_: string): boolean => true;
  let atOnce = 0;
  let most = 0;
  const disk: Disk = limitedDisk(
    faultyDisk((_, file) => {
      if (!hangs(path.basename(file))) return undefined;
      atOnce += 1;
      most = Math.max(most, atOnce);
      return gone.then(() => (atOnce -= 1));
    }),
    { limitMs: 40, impatientMs: 10, ...limits },
  );
  return {
    disk,
    file: (name: string) => path.join(folder, name),
    letGo,
    most: () => most,
    only: (name: string) => (hangs = (file) => file === name),
  };
}

const stalled = { name: 'DiskStalled', code: 'ETIMEDOUT' };

describe('a disk that does not answer', () => {
  it('is given up on, and never has more than its lanes', async () => {
    const { disk, file, most } = hangingDisk({ atOnce: 2 });
    const calls = Array.from({ length: 20 }, (_, i) => disk.append(file(`f${i}`), 'x'));
    for (const call of calls) await expect(call).rejects.toMatchObject(stalled);
    // From here on nothing waits.
    const began = performance.now();
    for (let i = 0; i < 1000; i += 1) await expect(disk.look(file('a'))).rejects.toMatchObject(stalled);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(most()).toBe(2);
  });

  it('is used again once it answers, and carries out what was under way', async () => {
    const { disk, file, letGo } = hangingDisk({ atOnce: 2 });
    const calls = ['a', 'b', 'c'].map((name) => disk.append(file(name), name));
    const errors = await Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
    expect(errors).toMatchObject([stalled, stalled, stalled]);
    letGo();
    for (const error of errors) if (error instanceof Error && 'ended' in error) await error.ended;
    await expect.poll(() => disk.names(path.dirname(file('a')))).toEqual(['a', 'b']);
    await disk.append(file('d'), 'd');
    expect(readFileSync(file('d'), 'utf8')).toBe('d');
  });

  it('in one file only does not take all lanes', async () => {
    const { disk, file, only, most } = hangingDisk();
    only('bad');
    for (let i = 0; i < 10; i += 1)
      await expect(disk.append(file('bad'), 'x')).rejects.toMatchObject(stalled);
    await disk.append(file('good'), 'x');
    expect(most()).toBe(1);
  });

  it('has time for many bytes', async () => {
    const { disk, file, letGo } = hangingDisk({ bytesPerMs: 0.001 });
    setTimeout(letGo, 100);
    await disk.create(file('long'), 'x'.repeat(1000));
    expect(readFileSync(file('long'), 'utf8')).toHaveLength(1000);
  });
});
