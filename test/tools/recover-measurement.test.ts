import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordDraft } from '../../src/archive/archive.ts';
import {
  begun,
  interrupted,
  keepHalf,
  parts,
  recover,
  startAndEnd,
  stateOf,
} from '../helpers/interrupted.ts';
import { idIn, idOf, type Rig, startRig } from '../helpers/measuring.ts';

const hasEntry = ({ tools }: Rig): boolean => existsSync(path.join(tools.archive.folder, 'index.jsonl'));

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

describe.concurrent('relays', () => {
  const only = (relay: number): boolean[] => [1, 2, 3, 4, 5, 6, 7, 8].map((one) => one === relay);
  const changes = { conditions: { leds: null, temperatures: null, relays: only(1) } };

  it('that connect another pixel than at the start speak against it', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { changes });
    expect(rig.other('MUX', 'SetStatus', { state: only(2) })).toMatchObject({ data: { state: 'ok' } });
    const answer = await recover(rig);
    expect(answer.error, answer.text).toMatchObject({ code: 'origin_doubtful' });
    expect(answer.text).toContain('the relays were changed since: 1 closed at its start, 2 now');
    expect(await stateOf(rig, entry)).toBe('interrupted');
  });

  it('are named as with any measurement where its rows are sure', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { changes });
    await keepHalf(rig, entry);
    expect(rig.other('MUX', 'SetStatus', { state: only(2) })).toMatchObject({ data: { state: 'ok' } });
    const answer = await recover(rig);
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: entry.id });
    expect(answer.text).toContain('THE RELAYS CHANGED');
  });
});

describe.concurrent('a measurement is not recovered', () => {
  it('that was never started: what is there then is of somebody else', async ({ onTestFinished }) => {
    let isCut = false;
    const rig = await startRig(onTestFinished, {
      parts,
      onRequest: () => {
        if (isCut || !hasEntry(rig)) return;
        isCut = true;
        void rig.cut();
      },
    });
    const failed = await rig.tools.call('measure_jv', { light_source: '12_led', wait_s: 50 });
    expect(failed.error, failed.text).toMatchObject({
      outcome: 'not_sent',
      target: 'ROUTINE',
      command: 'StartMeasurement',
    });
    expect(failed.text).toMatch(/The start was not sent: nothing was measured[^]*the open window \(JV\)/);
    expect(failed.text).not.toMatch(/instrument is as it was|said no|Nothing was changed/);
    const id = idIn(failed.text);
    await rig.back('same');
    await startAndEnd(rig);
    expect((await rig.tools.archive.read(id)).record.start).toBe('not_sent');
    expect((await rig.tools.call('instrument_status')).structured).toMatchObject({ interrupted: null });
    expect((await recover(rig)).error).toMatchObject({ code: 'nothing_to_recover' });
    const asked = await recover(rig, { id });
    expect(asked.error, asked.text).toMatchObject({ code: 'nothing_to_recover' });
    expect(asked.text).toContain('was never started');
  });

  it('while a server that lives carries it out', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { parts });
    const entry = await begun(rig, {}, { pid: process.pid });
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
