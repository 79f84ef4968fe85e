import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { idIn, idOf, type Rig, startRig } from '../helpers/measuring.ts';
import { ok, refused, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const parts = { checkpoints: { longMs: 0, everyMs: 50 } };
const JV = { light_source: '12_led', light_level_percent: 100, wait_s: 50 };
const PARTIAL = 'partial_GetTestData.json';

/** When something of it is kept; returns its id. */
async function midway({ tools }: Rig): Promise<string> {
  return vi.waitFor(
    async () => {
      const [entry] = (await tools.archive.list()).entries;
      const { record } = await tools.archive.read(entry?.id ?? '');
      expect(record).toMatchObject({ state: 'running', partial: true });
      return record.id;
    },
    { timeout: 20_000, interval: 20 },
  );
}

describe.concurrent('a long measurement', () => {
  it.each(['window closed', 'restarted'])('keeps what there was when it is lost: %s', async (how) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const rig = await startRig((close) => closes.push(close), { speed: 5, parts });
      const asked = rig.tools.call('measure_jv', JV);
      const id = await midway(rig);
      if (how === 'window closed') rig.other('ROUTINE', 'CloseRoutine');
      else {
        await rig.cut();
        await rig.back('restarted');
      }
      const answer = await asked;
      expect(answer.error, answer.text).toMatchObject({ code: 'routine_closed' });
      expect(answer.text).toMatch(/What had been measured \(\d+ rows\) is kept/);
      expect(idIn(answer.text)).toBe(id);
      const { record, state, problems, folder } = await rig.tools.archive.read(id);
      expect({ state, problems, partial: record.partial }).toEqual({
        state: 'failed',
        problems: [],
        partial: true,
      });
      expect(record.warnings[0]).toMatch(/^PARTIAL/);
      expect(readdirSync(path.join(folder, 'replies'))).toEqual([PARTIAL]);
      const data = await rig.tools.call('get_measurement_data', { id });
      expect(data.text).toContain(`${id} is PARTIAL`);
      expect((await rig.tools.call('plot_measurements', { ids: [id] })).isError).toBe(false);
      expect((await rig.tools.call('recover_measurement', { id })).error).toMatchObject({
        code: 'data_gone',
      });
    } finally {
      for (const close of closes) await close();
    }
  });

  it('has only its data in the end', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 5, parts });
    const asked = rig.tools.call('measure_jv', JV);
    const id = await midway(rig);
    const answer = await asked;
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: id });
    const { record, folder, problems } = await rig.tools.archive.read(idOf(answer));
    expect({ partial: record.partial, problems }).toEqual({ partial: false, problems: [] });
    expect(readdirSync(path.join(folder, 'replies'))).toEqual(['01_GetTestData.json']);
  });

  it('does not fail where its data is refused while it runs, and is not asked again', async () => {
    let looks = 0;
    let asked = 0;
    const instrument = await startStateful((name) => {
      const { state } = instrument;
      if (name === 'ROUTINE.GetTestStatus' && state.running && ++looks > 8) state.running = false;
      if (name !== 'ROUTINE.GetTestData') return undefined;
      if (state.running) asked++;
      return state.running ? refused(5001, 'not while it runs') : ok({ scans: [{ name: 'a', looks }] });
    });
    const tools = toolsOn(instrument.port, {}, 5000, { parts });
    try {
      const answer = await tools.call('measure_jv', { wait_s: 50 });
      expect(answer, answer.text).toMatchObject({ isError: false });
      expect(asked).toBe(1);
    } finally {
      tools.close();
      await instrument.close();
    }
  });
});
