import { describe, expect, it, vi } from 'vitest';
import { commands } from '../../src/instrument/commands/index.ts';
import { jv } from '../../src/instrument/routines/jv.ts';
import { Archive, type OpenEntry, type RecordDraft } from '../../src/measurement/archive/archive.ts';
import { sha256 } from '../../src/measurement/archive/stored.ts';
import { type Answered, idIn, idOf, type Rig, startRig } from '../helpers/measuring.ts';

const GONE = 424_242;
const parts = { isAlive: (pid: number) => pid === process.pid };

/** What a server that is gone, or lives, has in the archive of a measurement on this instrument. */
async function begun({ tools }: Rig, changes: Partial<RecordDraft> = {}, pid = GONE): Promise<OpenEntry> {
  const archive = new Archive({
    folder: tools.archive.folder,
    now: () => new Date(),
    host: 'this',
    pid,
    isAlive: parts.isAlive,
  });
  const settings = await tools.client.send(commands.ROUTINE.GetSettings, {}).catch(() => undefined);
  const before = await tools.client.call(commands.ROUTINE.GetTestData, {}).catch(() => undefined);
  return archive.begin({
    tool: 'measure_jv',
    request: {},
    routine: 'JV',
    device_name: null,
    user_name: null,
    area_cm2: 0.1,
    area_source: 'stated',
    simulated: true,
    simulator: 'arkeo-mcp test',
    instrument: tools.connection.status().address,
    software: { name: 'arkeo-mcp', version: '0', node: 'v20' },
    settings: settings?.settings ?? null,
    conditions: null,
    data_before: { sha256: before === undefined ? null : sha256(JSON.stringify(before.data)) },
    ...changes,
  });
}

interface Begun {
  routine?: string;
  speed?: number;
  /** It is awaited. */
  ends?: boolean;
  /** Of what the archive knows of it. */
  changes?: Partial<RecordDraft>;
}

/** A measurement that was begun by a server that is gone since, and has ended on the instrument, unless told otherwise. */
async function interrupted(
  onTestFinished: (close: () => Promise<void>) => void,
  { routine = 'JV', speed = 50, ends = true, changes = {} }: Begun = {},
): Promise<{ rig: Rig; entry: OpenEntry }> {
  const rig = await startRig(onTestFinished, { speed, parts });
  rig.other('MAIN', 'StartRoutine', { routine });
  await rig.untilStatus('Ready');
  const entry = await begun(rig, changes);
  await startAndEnd(rig, ends);
  return { rig, entry };
}

async function startAndEnd(rig: Rig, ends = true): Promise<void> {
  rig.other('ROUTINE', 'StartMeasurement');
  if (ends) await rig.untilStatus('Ready');
  else await rig.untilStatus('Running');
}

const recover = ({ tools }: Rig, args = {}): Promise<Answered> =>
  tools.call('recover_measurement', { wait_s: 50, ...args });
const stateOf = async ({ tools }: Rig, { id }: OpenEntry) => (await tools.archive.read(id)).state;

describe.concurrent('data that may be of another run is not taken for that of the measurement', () => {
  it.for<[name: string, changes: Partial<RecordDraft>, says: RegExp]>([
    [
      'settings that were changed',
      { settings: { scan_settings: { scan: { 'End (V)': 0.7 } } } },
      /settings were changed/,
    ],
    ['another sample', { device_name: 'B7' }, /of the sample "Sample", and this measurement of "B7"/],
  ])('%s', async ([, changes, says], { onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { changes });
    const answer = await recover(rig);
    expect(answer.error, answer.text).toMatchObject({ code: 'origin_doubtful', outcome: 'not_sent' });
    expect(answer.text).toMatch(says);
    expect(await stateOf(rig, entry)).toBe('interrupted');
    const apart = await rig.tools.archive.read(idIn(answer.text.replace(', of doubtful', ' ')));
    expect(apart.record.warnings[0]).toMatch(/^OF DOUBTFUL ORIGIN: perhaps of /);
    expect(apart.record.request).toEqual({ id: entry.id });
    // Again: it is not kept a second time.
    await recover(rig);
    expect((await rig.tools.archive.list()).total).toBe(2);
  });

  it('but its own time is enough where nothing of before is known', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { changes: { data_before: null } });
    const answer = await recover(rig);
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: entry.id });
  });

  it('rows that are not those that were kept', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished);
    await keepHalf(rig, entry);
    await startAndEnd(rig);
    const answer = await recover(rig);
    expect(answer.error, answer.text).toMatchObject({ code: 'origin_doubtful' });
    expect(answer.text).toContain('does not begin with what was kept');
  });

  it('but rows that go on from those that were kept are, whatever the settings are now', async ({
    onTestFinished,
  }) => {
    const changes = { settings: { scan_settings: { scan: { 'End (V)': 0.7 } } } };
    const { rig, entry } = await interrupted(onTestFinished, { changes });
    await keepHalf(rig, entry);
    const answer = await recover(rig);
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: entry.id });
    const { record, problems } = await rig.tools.archive.read(entry.id);
    expect({ problems, partial: record.partial }).toEqual({ problems: [], partial: false });
    expect(record.recovered_at).not.toBeNull();
  });
});

/** As a checkpoint of its first rows would have. */
async function keepHalf({ tools }: Rig, entry: OpenEntry): Promise<void> {
  const { data, payload } = await tools.client.call(commands.ROUTINE.GetTestData, {});
  const dataset = jv.dataset(data);
  const scans = dataset.scans.slice(0, 1).map((scan) => ({
    ...scan,
    columns: scan.columns.map((one) => ({ ...one, values: one.values.slice(0, 20) })),
  }));
  await entry.keepPartial({ ...dataset, scans }, payload);
}

describe.concurrent('a measurement is not recovered', () => {
  it('while a server that lives carries it out', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { parts });
    const entry = await begun(rig, {}, process.pid);
    const sent = rig.sent.length;
    const answer = await recover(rig, { id: entry.id });
    expect(answer.error).toMatchObject({ code: 'measurement_running' });
    expect(rig.sent).toHaveLength(sent);
  });

  it('when another one was made after it, or started by this server', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished);
    expect((await rig.tools.call('routine_start_measurement')).isError).toBe(false);
    await rig.untilStatus('Ready');
    const replaced = await recover(rig);
    expect(replaced.error, replaced.text).toMatchObject({ code: 'data_gone' });
    expect(replaced.text).toContain('this server sent ROUTINE.StartMeasurement');
    const measured = await rig.tools.call('measure_jv', { light_source: '12_led', wait_s: 50 });
    const newer = await recover(rig, { id: entry.id });
    expect(newer.text).toContain(`${idOf(measured)} was measured after it`);
    expect(await stateOf(rig, entry)).toBe('interrupted');
  });

  it('when the instrument still has the data of before the start', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished);
    await recover(rig);
    const second = await begun(rig);
    const answer = await recover(rig);
    expect(answer.error, answer.text).toMatchObject({ code: 'data_gone' });
    expect(answer.text).toContain('still holds what it held before the start');
    expect([await stateOf(rig, entry), await stateOf(rig, second)]).toEqual(['complete', 'interrupted']);
  });

  it('when its instrument is another', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { changes: { instrument: '192.0.2.1:6360' } });
    expect((await recover(rig)).error).toMatchObject({ code: 'nothing_to_recover' });
    expect((await recover(rig, { id: entry.id })).error).toMatchObject({ code: 'other_instrument' });
  });

  it('when the instrument only has its latest reading, and says that it still runs', async ({
    onTestFinished,
  }) => {
    const { rig } = await interrupted(onTestFinished, {
      routine: 'Connection Test',
      ends: false,
      changes: { routine: 'Connection Test', tool: 'check_contact' },
    });
    const answer = await recover(rig);
    expect(answer.error, answer.text).toMatchObject({ code: 'data_gone' });
    expect(answer.text).toMatch(/keeps only its latest reading[^]*IT STILL RUNS/);
    expect(rig.names()).not.toContain('ROUTINE.StopMeasurement');
  });
});

it('recovers what this server itself could not fetch', async () => {
  let finish = async (): Promise<void> => undefined;
  try {
    const faults = [2, 3, 4, 5].map((nth) => ({ name: 'garbage', nth, command: 'GetTestData' }) as const);
    const rig = await startRig((close) => void (finish = close), { faults, parts });
    const failed = await rig.tools.call('measure_jv', { light_source: '12_led', wait_s: 50 });
    const id = idIn(failed.text);
    expect(failed.text).toContain(`recover_measurement ${id}`);
    expect((await rig.tools.call('instrument_status')).structured).toMatchObject({ interrupted: id });
    expect((await rig.tools.call('get_measurement', { id })).text).toContain(`recover_measurement ${id}`);
    const answer = await recover(rig);
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: id });
    const { record, problems } = await rig.tools.archive.read(id);
    expect({ failure: record.failure, problems }).toEqual({ failure: null, problems: [] });
    expect((await rig.tools.archive.list()).entries.map(({ state }) => state)).toEqual(['complete']);
    expect((await rig.tools.call('instrument_status')).structured).toMatchObject({ interrupted: null });
  } finally {
    await finish();
  }
});

describe.concurrent('what still measures', () => {
  it('is followed until the time that was asked for is over, and left running', async ({
    onTestFinished,
  }) => {
    const { rig, entry } = await interrupted(onTestFinished, {
      routine: 'MPPT',
      ends: false,
      changes: { routine: 'MPPT', tool: 'measure_stabilised_power', request: { duration_s: 3 } },
    });
    await rig.untilStatus('Running');
    await vi.waitFor(
      () => expect(JSON.stringify(rig.other('ROUTINE', 'GetTestData')).length).toBeGreaterThan(2000),
      {
        timeout: 20_000,
      },
    );
    const answer = await recover(rig);
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: entry.id });
    expect(answer.text).toContain('IT STILL RUNS');
    expect(rig.names()).not.toContain('ROUTINE.StopMeasurement');
  });

  it('is stopped by cancel_measurement, and what was measured is kept', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { speed: 1, ends: false });
    const first = await recover(rig, { wait_s: 0 });
    expect(first.structured).toMatchObject({ state: 'running' });
    await vi.waitFor(async () => expect(await stateOf(rig, entry)).toBe('running'), { timeout: 20_000 });
    await vi.waitFor(
      () =>
        expect(
          jv.dataset(rig.other('ROUTINE', 'GetTestData').data).scans[0]?.columns[0]?.values.length,
        ).toBeGreaterThan(9),
      { timeout: 20_000 },
    );
    const answer = await rig.tools.call('cancel_measurement');
    expect(answer.structured, answer.text).toMatchObject({ state: 'stopped', measurement_id: entry.id });
    expect(await stateOf(rig, entry)).toBe('stopped');
  });
});

it('an entry that another process took over is not written by the one before', async () => {
  let finish = async (): Promise<void> => undefined;
  try {
    const { rig, entry } = await interrupted((close) => void (finish = close));
    const taken = await rig.tools.archive.resume(entry.id);
    await expect(entry.keepReply('GetTestData', Buffer.from('{}'))).rejects.toMatchObject({
      code: 'taken_over',
    });
    await taken.release();
    expect(await stateOf(rig, entry)).toBe('interrupted');
    expect((await rig.tools.archive.list()).entries.map(({ state }) => state)).toEqual(['interrupted']);
  } finally {
    await finish();
  }
});
