/**
 * A process that writes measurements, to be killed: `writer <data folder> <mode> <number>`.
 *
 * - `killed`: one whole measurement, then another, during which it kills itself before the n-th file operation;
 *   without that many it prints how many there were
 * - `many`: that many measurements, and the id of each on a line of its own once it has ended
 */
import { constants, promises } from 'node:fs';
import { Archive, type OpenEntry } from '../../src/archive/archive.ts';
import { fileHandles, replace } from './file-operations.ts';
import { dataset, draft, REPLY } from './measurement.ts';

const [folder = '', mode, number] = process.argv.slice(2);
const archive = new Archive({
  folder,
  now: () => new Date(),
  host: 'lab-pc',
  machine: 'lab-pc',
  pid: process.pid,
  isAlive: () => true,
});

async function measure(): Promise<OpenEntry> {
  const entry = await archive.begin(draft());
  await entry.keepPartial(dataset(1), REPLY);
  await entry.keepPartial(dataset(1), REPLY);
  await entry.keepReply('GetTestData', REPLY);
  await entry.keepDataset(dataset(1));
  await entry.keepDataset(dataset(2));
  await archive.addFile(entry.id, 'plot.svg', '<svg/>');
  await entry.end('complete', { note: 'whole', warnings: ['something'] });
  return entry;
}

/** Calls `before` ahead of each file operation that changes the disk, and in the middle of each that writes. */
async function watchFiles(before: () => void): Promise<void> {
  for (const name of ['open', 'rename', 'link', 'mkdir', 'rm', 'unlink']) {
    replace(promises, name, async (original, ...args) => {
      if (name !== 'open' || isWriting(args[1])) before();
      return original(...args);
    });
  }
  const isWriting = (flags: unknown): boolean =>
    typeof flags !== 'number' || (flags & constants.O_WRONLY) !== 0;
  replace(await fileHandles(), 'writeFile', async (original, content) => {
    const bytes = content instanceof Uint8Array ? Buffer.from(content) : Buffer.from(String(content));
    for (const part of [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)]) {
      before();
      await original(part);
    }
  });
}

if (mode === 'killed') {
  await measure();
  let operations = 0;
  await watchFiles(() => {
    operations += 1;
    if (operations === Number(number)) process.kill(process.pid, 'SIGKILL');
  });
  await measure();
  process.stdout.write(`${operations}\n`);
} else {
  for (let i = 0; i < Number(number); i += 1) process.stdout.write(`${(await measure()).id}\n`);
}
