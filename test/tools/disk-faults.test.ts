import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { limitedDisk } from '../../src/files/limited-disk.ts';
import { faultyDisk, type Operation, WRITES } from '../helpers/faulty-disk.ts';
import { type Answered, idOf, midway, type Rig, startRig } from '../helpers/measuring.ts';

/** JV of the simulator: the points of both directions. */
const ROWS = 142;

/** What the disk does from some moment on. */
interface Trouble {
  faultOf: (operation: Operation, file: string) => string | Promise<unknown> | undefined;
}

async function rigOn(
  onTestFinished: (close: () => Promise<void>) => void,
  trouble: Trouble,
  options: { speed?: number; limitMs?: number; onSent?: (name: string) => void } = {},
): Promise<Rig> {
  const { speed = 50, limitMs = 60_000 } = options;
  const disk = limitedDisk(
    faultyDisk((operation, file) => trouble.faultOf(operation, file)),
    { limitMs, impatientMs: 50 },
  );
  return startRig(onTestFinished, {
    speed,
    parts: { disk },
    onRequest: ({ target, command }) => options.onSent?.(`${target}.${command}`),
  });
}

const well = (): undefined => undefined;

/** A measurement during which the disk is in trouble from its start on. */
function troubledFromStart(trouble: Trouble, fault: Trouble['faultOf']): { onSent: (name: string) => void } {
  return {
    onSent: (name) => {
      if (name === 'ROUTINE.StartMeasurement') trouble.faultOf = fault;
    },
  };
}

async function whatIsKept({ tools }: Rig, id: string) {
  const { state, problems } = await tools.archive.read(id);
  const { scans } = await tools.archive.dataset(id);
  const rows = scans.reduce((sum, { columns }) => sum + (columns[0]?.values.length ?? 0), 0);
  return { state, problems, rows, replies: (await tools.archive.replies(id)).length };
}

/** All of it, and everything once. */
const WHOLE = { state: 'complete', problems: [], rows: ROWS, replies: 1 };

/** What an answer has whose measurement is not in the archive. */
const notStored = (why: string) => ({
  state: 'not_stored',
  alarms: [expect.stringContaining(why)],
  data: [{ direction: 'forward' }, { direction: 'reverse' }],
});

async function theOnly({ tools }: Rig): Promise<string> {
  const { entries, total } = await tools.archive.list();
  expect(total).toBe(1);
  return entries[0]?.id ?? '';
}

describe('a disk that refuses while a measurement runs', () => {
  it.each<[string, Trouble['faultOf']]>([
    ['is full', (operation) => (WRITES.includes(operation) ? 'ENOSPC' : undefined)],
    [
      'cannot replace the record, as a spreadsheet has it open',
      (operation, file) =>
        operation === 'rename' && file.endsWith('measurement.json') ? 'EBUSY' : undefined,
    ],
    ['refuses everything', () => 'EIO'],
  ])('%s: the answer has the data, and the archive all of it once the disk is well', async (_, fault) => {
    let finish = async (): Promise<void> => undefined;
    try {
      const trouble: Trouble = { faultOf: well };
      const rig = await rigOn((close) => void (finish = close), trouble, troubledFromStart(trouble, fault));
      const answer = await rig.tools.call('measure_jv', { wait_s: 50 });
      expect(answer.isError, answer.text).toBe(false);
      expect(answer.structured).toMatchObject(notStored('tried again'));
      trouble.faultOf = (operation, file) =>
        WRITES.includes(operation) ? fault(operation, file) : undefined;
      // It is over, and nobody is told that it runs.
      const id = await theOnly(rig);
      expect((await rig.tools.archive.read(id)).state).not.toBe('running');

      trouble.faultOf = well;
      const recovered = await rig.tools.call('recover_measurement', { id, wait_s: 50 });
      expect(recovered.error, recovered.text).toMatchObject({ code: 'already_complete' });
      expect(await whatIsKept(rig, id)).toEqual(WHOLE);
      expect(await theOnly(rig)).toBe(id);
    } finally {
      await finish();
    }
  });

  it('keeps it without a call once the disk is well', async ({ onTestFinished }) => {
    const trouble: Trouble = { faultOf: well };
    const full: Trouble['faultOf'] = (operation) => (WRITES.includes(operation) ? 'ENOSPC' : undefined);
    const rig = await rigOn(onTestFinished, trouble, troubledFromStart(trouble, full));
    await rig.tools.call('measure_jv', { wait_s: 50 });
    trouble.faultOf = well;
    const id = await theOnly(rig);
    await expect.poll(() => whatIsKept(rig, id), { timeout: 20_000 }).toEqual(WHOLE);
  });

  it('and has a table open in a spreadsheet costs nothing, and the answer says so', async ({
    onTestFinished,
  }) => {
    const trouble: Trouble = { faultOf: well };
    const rig = await rigOn(
      onTestFinished,
      trouble,
      troubledFromStart(trouble, (operation, file) =>
        operation === 'rename' && file.endsWith('data.csv') ? 'EPERM' : undefined,
      ),
    );
    const answer: Answered = await rig.tools.call('measure_jv', { wait_s: 50 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    expect(answer.text).not.toContain('NOT IN THE ARCHIVE');
    expect(answer.text).toMatch(/data\.csv could not be written: another program has the file open/);
    const id = idOf(answer);
    expect(await whatIsKept(rig, id)).toMatchObject({ state: 'complete', rows: ROWS, replies: 1 });
    trouble.faultOf = well;
    await expect.poll(() => whatIsKept(rig, id), { timeout: 20_000 }).toEqual(WHOLE);
  });
});

describe('a disk that does not answer', () => {
  const never = new Promise<void>(() => undefined);

  it('is said before anything is measured', async ({ onTestFinished }) => {
    const trouble: Trouble = { faultOf: () => never };
    const rig = await rigOn(onTestFinished, trouble, { limitMs: 200 });
    const answer = await rig.tools.call('measure_jv');
    expect(answer.error, answer.text).toMatchObject({ code: 'disk_stalled', outcome: 'local' });
    expect(rig.names()).not.toContain('ROUTINE.StartMeasurement');
    for (const tool of ['list_measurements', 'get_measurement', 'recover_measurement'])
      expect(
        (await rig.tools.call(tool, tool === 'get_measurement' ? { id: 'latest' } : {})).error,
      ).toMatchObject({
        code: 'disk_stalled',
      });
    expect((await rig.tools.call('instrument_status')).isError).toBe(false);
    expect((await rig.tools.call('safe_shutdown')).isError).toBe(false);
  });

  it('is not waited for while a laser is on', async ({ onTestFinished }) => {
    let letGo = (): void => undefined;
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    const trouble: Trouble = { faultOf: well };
    const rig = await rigOn(onTestFinished, trouble, {
      onSent: (name) => {
        if (name === 'ROUTINE.AcquireDark') trouble.faultOf = () => gone;
      },
    });
    let isAnswered = false;
    const call = rig.tools
      .call('measure_luminescence', { laser_channel: 1, laser_percent: 20, wait_s: 50 })
      .finally(() => (isAnswered = true));
    const sinceHanging = (): string[] => rig.names().slice(rig.names().indexOf('ROUTINE.AcquireDark'));
    await vi.waitFor(
      () => {
        const lasers = rig.sent.filter(({ command }) => command === 'SetLaser');
        expect(sinceHanging()).toContain('ROUTINE.GetTestData');
        expect(lasers.at(-1)?.parameter).toMatchObject({ channel: 1, intensity: 0 });
      },
      { timeout: 10_000, interval: 5 },
    );
    expect(isAnswered).toBe(false);
    letGo();
    trouble.faultOf = well;
    const answer = await call;
    expect(answer.isError, answer.text).toBe(false);
    expect(await rig.tools.archive.read(idOf(answer))).toMatchObject({ state: 'complete', problems: [] });
  });

  it('is said after the measurement, and gets everything once it answers', async ({ onTestFinished }) => {
    let letGo = (): void => undefined;
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    const trouble: Trouble = { faultOf: well };
    const rig = await rigOn(onTestFinished, trouble, { speed: 4, limitMs: 1000 });
    const call = rig.tools.call('measure_jv', { wait_s: 50 });
    await midway(rig);
    trouble.faultOf = () => gone;
    const answer = await call;
    expect(answer.isError, answer.text).toBe(false);
    expect(answer.structured).toMatchObject(notStored('does not answer'));
    trouble.faultOf = well;
    letGo();
    const id = await vi.waitFor(() => theOnly(rig), { timeout: 20_000 });
    await expect.poll(() => whatIsKept(rig, id), { timeout: 20_000 }).toEqual(WHOLE);
    const { folder } = await rig.tools.archive.read(id);
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('.tmp-'))).toEqual(
      [],
    );
    expect(JSON.parse(readFileSync(path.join(folder, 'measurement.json'), 'utf8'))).toMatchObject({
      unwritten: [],
    });
  });
});
