import { describe, expect, it } from 'vitest';
import { openingSettings } from '../helpers/opening-settings.ts';
import { idOf } from '../helpers/measuring.ts';
import { type Hook, ok, refused, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';
import { WarpClock } from '../helpers/warp-clock.ts';

const LOOKS = 12;
const status = (word: string, progress: unknown = null) =>
  ok({ routine_status: word, routine_name: 'JV', progress, error: null });

/** As many points as the settings with which JV opens ask for, or a part of them. */
function data(points: number, first = 0.02): Record<string, unknown> {
  const half = Math.ceil(points / 2);
  const rows = (from: number, step: number): number[][] =>
    Array.from({ length: half }, (_, i) => [from + step * i, first]);
  return {
    scans: [
      { name: 'Forward', data_schema: ['Voltage (V)', 'Current density (mA/cm2)'], data: rows(-0.2, 0.02) },
      { name: 'Reverse', data_schema: ['Voltage (V)', 'Current density (mA/cm2)'], data: rows(1.2, -0.02) },
    ],
  };
}

interface Behaviour {
  /** The status at each look while it measures, from the first; then Ready. */
  words: readonly string[];
  progress?: (look: number) => unknown;
  /** After the end. */
  after: Record<string, unknown>;
  before?: Record<string, unknown>;
}

async function measured(
  onTestFinished: (close: () => Promise<void>) => void,
  { words, progress = () => null, after, before }: Behaviour,
) {
  let looks = -1;
  const settings = openingSettings('JV', 'newest');
  const hook: Hook = (name) => {
    if (name === 'ROUTINE.GetSettings') return ok(settings);
    if (name === 'ROUTINE.StartMeasurement') looks = 0;
    if (name === 'ROUTINE.GetTestStatus' && looks >= 0) {
      const word = words[looks] ?? 'Ready';
      if (looks < words.length) looks++;
      return status(word, word === 'Running' ? progress(looks) : null);
    }
    if (name !== 'ROUTINE.GetTestData') return undefined;
    if (looks >= 0) return ok(after);
    return before === undefined ? refused(4003, 'no data') : ok(before);
  };
  const instrument = await startStateful(hook);
  const tools = toolsOn(instrument.port, {}, 5000, { parts: { clock: new WarpClock() } });
  onTestFinished(async () => {
    tools.close();
    await instrument.close();
  });
  const answer = await tools.call('measure_jv', { wait_s: 50 });
  return { answer, tools, looked: () => looks };
}

const running = Array.from({ length: LOOKS }, () => 'Running');

describe.concurrent('one reply that is not Running', () => {
  it.for(['Ready', 'Paused', 'Busy', 'Initializing', ''])(
    '%s in the middle does not end the measurement',
    async (word, { onTestFinished }) => {
      const words = running.map((usual, i) => (i === 5 ? word : usual));
      const { answer, looked } = await measured(onTestFinished, { words, after: data(142) });
      expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
      expect(looked()).toBe(LOOKS);
    },
  );
});

describe.concurrent('a measurement that was stopped at the screen is stopped', () => {
  it.for<[string, (look: number) => unknown]>([
    ['a number of percent', (look) => 4 * look],
    ['progress_pct', (look) => ({ progress_pct: 4 * look })],
    ['progres_pct', (look) => ({ progres_pct: 4 * look })],
    ['points done of total points', (look) => ({ 'points done': 5 * look, 'total points': 142 })],
    ['points done alone', (look) => ({ 'points done': 5 * look })],
    ['a text', () => 'measuring'],
    ['an empty object', () => ({})],
    ['an empty list', () => []],
    ['null', () => null],
  ])('with %s as its progress', async ([, progress], { onTestFinished }) => {
    const { answer, tools } = await measured(onTestFinished, { words: running, progress, after: data(60) });
    expect(answer.structured, answer.text).toMatchObject({ state: 'stopped' });
    expect((await tools.archive.read(idOf(answer))).state).toBe('stopped');
  });
});

describe.concurrent('data', () => {
  it('that is exactly that of before the start is nothing new', async ({ onTestFinished }) => {
    const old = data(142);
    const { answer, tools } = await measured(onTestFinished, { words: running, before: old, after: old });
    expect(answer.error, answer.text).toMatchObject({ code: 'data_of_before' });
    const { entries } = await tools.archive.list();
    const { record, state } = await tools.archive.read(entries[0]?.id ?? '');
    expect({ state, metrics: record.metrics }).toEqual({ state: 'failed', metrics: [] });
  });

  it('that was acquired years before is doubted', async ({ onTestFinished }) => {
    const after = { ...data(142), acquisition_time: '2019-05-01T12:00:00Z' };
    const { answer } = await measured(onTestFinished, { words: running, after });
    expect(answer.structured['warnings']).toContainEqual(
      expect.stringContaining('acquired at 2019-05-01T12:00:00.000Z'),
    );
  });
});
