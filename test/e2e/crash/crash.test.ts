import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { Host } from '../../helpers/hosts.ts';
import { guardsOf } from '../../helpers/processes.ts';
import { type Moment, Scene } from './scene.ts';

const JV = { device_name: 'Cell', area_cm2: 0.1, rate_v_s: 2, hold_s: 0, light_source: '12_led' };
const START = 'ROUTINE.StartMeasurement';
const DATA = 'ROUTINE.GetTestData';

/** What becomes of the instrument while no server is there. */
type Fate = 'goes on' | 'waits' | 'window closed' | 'restarted';
/** What recover_measurement says. */
type Result = 'recovered' | 'already_complete' | 'nothing_to_recover' | 'data_gone';

const at = (name: string, nth = 1): Moment => ({
  on: 'request',
  isThere: ({ seen }) => seen.filter((one) => one === name).length >= nth,
});
const after = (name: string, next: string, nth = 1): Moment => ({
  on: 'request',
  isThere: ({ seen }) => {
    const places = seen.flatMap((one, i) => (one === name ? [i] : []));
    return seen.slice((places[nth - 1] ?? Infinity) + 1).includes(next);
  },
});
const far = (fraction: number): Moment => ({
  on: 'request',
  isThere: (scene) => scene.seen.includes(START) && scene.fraction >= fraction,
});

/** The points at which the server is killed, what the instrument does meanwhile, and what has to come out. */
export const POINTS: readonly [name: string, moment: Moment, fate: Fate, result: Result][] = [
  ['opening: the first request', at('MAIN.GetActiveRoutine'), 'goes on', 'nothing_to_recover'],
  ['opening: the list of routines', at('MAIN.GetAvailableRoutines'), 'goes on', 'nothing_to_recover'],
  ['opening: StartRoutine', at('MAIN.StartRoutine'), 'goes on', 'nothing_to_recover'],
  [
    'opening: waiting until it is Ready',
    after('MAIN.StartRoutine', 'ROUTINE.GetTestStatus'),
    'goes on',
    'nothing_to_recover',
  ],
  ['applying: GetSettings', at('ROUTINE.GetSettings'), 'goes on', 'nothing_to_recover'],
  ['applying: SetInfo', at('ROUTINE.SetInfo'), 'goes on', 'nothing_to_recover'],
  ['applying: ApplySettings', at('ROUTINE.ApplySettings'), 'goes on', 'nothing_to_recover'],
  [
    'applying: reading back',
    after('ROUTINE.ApplySettings', 'ROUTINE.GetSettings'),
    'goes on',
    'nothing_to_recover',
  ],
  ['starting: the data of before', at(DATA), 'goes on', 'nothing_to_recover'],
  ['starting: conditions', after(DATA, 'LED.GetStatus'), 'goes on', 'nothing_to_recover'],
  [
    'starting: the entry is there, nothing is started',
    after('TMPCTL.GetStatus', 'ROUTINE.GetTestStatus'),
    'goes on',
    'data_gone',
  ],
  ['starting: StartMeasurement', at(START), 'goes on', 'recovered'],
  ['starting: StartMeasurement, then restarted', at(START), 'restarted', 'data_gone'],
  ['measuring: the first look', after(START, 'ROUTINE.GetTestStatus'), 'goes on', 'recovered'],
  ['measuring: 5 %', far(0.05), 'goes on', 'recovered'],
  ['measuring: 10 %, still measuring when recovered', far(0.1), 'waits', 'recovered'],
  ['measuring: 15 %, window closed', far(0.15), 'window closed', 'data_gone'],
  ['measuring: 25 %', far(0.25), 'goes on', 'recovered'],
  ['measuring: 30 %, still measuring when recovered', far(0.3), 'waits', 'recovered'],
  ['measuring: 40 %, restarted', far(0.4), 'restarted', 'data_gone'],
  ['measuring: 50 %', far(0.5), 'goes on', 'recovered'],
  ['measuring: 60 %, window closed', far(0.6), 'window closed', 'data_gone'],
  ['measuring: 75 %', far(0.75), 'goes on', 'recovered'],
  ['measuring: 90 %', far(0.9), 'goes on', 'recovered'],
  ['fetching: GetTestData', at(DATA, 2), 'goes on', 'recovered'],
  ['fetching: GetTestData, window closed', at(DATA, 2), 'window closed', 'data_gone'],
  [
    'writing: the reply',
    { on: 'disk', isThere: (scene) => scene.has('replies/01_GetTestData.json') },
    'window closed',
    'recovered',
  ],
  ['writing: data.json', after(DATA, 'LED.GetStatus', 2), 'restarted', 'recovered'],
  ['writing: conditions after', after(DATA, 'TMPCTL.GetStatus', 2), 'goes on', 'recovered'],
  [
    'after the end',
    { on: 'disk', isThere: ({ recorded }) => recorded === 'complete' },
    'goes on',
    'already_complete',
  ],
];

const listing = z.looseObject({
  measurements: z.array(z.looseObject({ id: z.string(), state: z.string() })),
  damaged: z.array(z.unknown()),
});
const kept = z.looseObject({ data: z.unknown() });
const one = z.looseObject({ folder: z.string(), files: z.record(z.string(), z.number()) });

async function list(host: Host) {
  const { measurements, damaged } = listing.parse((await host.call('list_measurements')).structured);
  expect(damaged).toEqual([]);
  return measurements;
}

/** The data in the last reply that is kept of a measurement. */
async function keptData(host: Host, id: string): Promise<unknown> {
  const { folder, files } = one.parse((await host.call('get_measurement', { id })).structured);
  const replies = Object.keys(files).filter((name) => /^replies\/\d/.test(name));
  expect(replies).toHaveLength(1);
  return kept.parse(JSON.parse(readFileSync(path.join(folder, replies[0] ?? ''), 'utf8'))).data;
}

async function meanwhile(scene: Scene, fate: Fate): Promise<void> {
  if (fate === 'goes on') scene.passTime();
  if (fate === 'window closed') scene.atScreen('ROUTINE', 'CloseRoutine');
  if (fate === 'restarted') await scene.restart();
}

describe.concurrent('a server that is killed in the middle of a measurement, and another one after it', () => {
  it('is tried at 30 points', () => expect(POINTS).toHaveLength(30));

  it.for(POINTS)('%s', { timeout: 60_000 }, async ([, moment, fate, expected], { onTestFinished }) => {
    const scene = new Scene();
    onTestFinished(() => scene.close());
    await scene.open();
    await scene.killAt(moment, 'measure_jv', JV);
    await meanwhile(scene, fate);

    // What is seen on the disk may be over by the time the signal arrives.
    const result = moment.on === 'disk' && scene.recorded === 'complete' ? 'already_complete' : expected;
    const next = await scene.server();
    const before = await list(next);
    const [entry] = before;
    expect(before.map(({ state }) => state)).toEqual(
      result === 'nothing_to_recover' ? [] : [result === 'already_complete' ? 'complete' : 'interrupted'],
    );
    if (fate === 'waits') expect(scene.fraction).toBeGreaterThan(0);
    if (fate === 'goes on' && result === 'recovered')
      expect((await next.call('instrument_status')).text).toContain(`recover_measurement ${entry?.id}`);

    const args = result === 'already_complete' ? { id: entry?.id } : {};
    let answer = await next.call('recover_measurement', { ...args, wait_s: 5 });
    while (answer.structured?.['state'] === 'running') answer = await next.call('wait_for_measurement');
    const states = (await list(next)).map(({ state }) => state);
    if (result !== 'recovered') {
      expect(answer.error, answer.text).toMatchObject({ code: result });
      expect(states).toEqual(before.map(({ state }) => state));
      return;
    }
    expect(answer, answer.text).toMatchObject({
      isError: false,
      structured: { state: 'complete', measurement_id: entry?.id },
    });
    expect(states).toEqual(['complete']);
    expect(answer.text).toMatch(/132 rows[^]*recovered at/);
    const data = await keptData(next, entry?.id ?? '');
    // The truth, where the instrument still has it.
    if (fate === 'goes on' || fate === 'waits') expect(data).toEqual(scene.truth);
    expect(readdirSync(path.join(scene.folder, 'measurements'))).toHaveLength(1);
    const again = await next.call('recover_measurement', { id: entry?.id });
    expect(again.error).toMatchObject({ code: 'already_complete' });
  });

  it('is killed once more while it recovers: a third one recovers it', { timeout: 60_000 }, async ({
    onTestFinished,
  }) => {
    const scene = new Scene();
    onTestFinished(() => scene.close());
    await scene.open();
    await scene.killAt(far(0.1), 'measure_jv', JV);
    await scene.killAt(far(0.5), 'recover_measurement', {});
    const third = await scene.server();
    const [entry] = await list(third);
    expect(entry).toMatchObject({ state: 'interrupted' });
    const answer = await third.call('recover_measurement', { wait_s: 50 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: entry?.id });
    expect(await keptData(third, entry?.id ?? '')).toEqual(scene.truth);
  });

  it.skipIf(process.platform === 'win32')(
    'has its measurement stopped by its guard process, and what was measured recovered',
    { timeout: 60_000 },
    async ({ onTestFinished }) => {
      const scene = new Scene();
      onTestFinished(() => scene.close());
      await scene.open();
      const server = await scene.killAt(far(0.3), 'measure_jv', JV, []);
      await vi.waitUntil(() => guardsOf(server).length === 0, { timeout: 30_000 });
      const next = await scene.server();
      const [entry] = await list(next);
      const answer = await next.call('recover_measurement', { wait_s: 50 });
      expect(answer.structured, answer.text).toMatchObject({ state: 'stopped', measurement_id: entry?.id });
      expect(answer.text).toMatch(/[1-9]\d* rows/);
    },
  );
});
