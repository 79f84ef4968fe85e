import { expect, it } from 'vitest';
import type { JobEvent } from '../../src/measurement/job.ts';
import { LivePoints } from '../../src/measurement/live-points.ts';
import { progressOf } from '../../src/measurement/run/run-progress.ts';
import { jv } from '../../src/instrument/routines/jv.ts';
import { startRig } from '../helpers/measuring.ts';

const JV = { light_source: '12_led', light_level_percent: 100, wait_s: 50 };

it('a running JV is watched as it grows, without a request of its own', async ({ onTestFinished }) => {
  const rig = await startRig(onTestFinished, { speed: 8 });
  await rig.tools.call('measure_jv', { ...JV, wait_s: 0 });
  const job = rig.tools.jobs.running;
  if (job === undefined) throw new Error('nothing runs');
  const events: JobEvent[] = [];
  job.watch((event) => events.push(event));
  // One that throws disturbs neither the measurement nor the others.
  job.watch(() => {
    throw new Error('a page went away');
  });
  const answer = await rig.tools.call('wait_for_measurement', { wait_s: 50 });
  expect(answer.structured).toMatchObject({ state: 'complete' });
  const points = events.flatMap((event) => (event.type === 'point' ? [event.point] : []));
  expect(points.length).toBeGreaterThan(5);
  expect(new Set(points.map(({ scan }) => scan))).toEqual(new Set(['forward', 'reverse']));
  for (const { at } of points)
    expect(at.map(({ name, unit }) => `${name} ${unit}`)).toEqual(['Voltage V', 'Current density mA/cm²']);
  expect(points).toEqual(job.points);
  expect(events.at(-1)).toEqual({ type: 'end' });
  // The data is fetched once before the start and once after the end, as without anybody watching.
  const names = rig.names();
  expect(names.filter((name) => name === 'ROUTINE.GetTestData')).toHaveLength(2);
});

it('what is tracked is watched as a growing dataset', async ({ onTestFinished }) => {
  const rig = await startRig(onTestFinished, { speed: 20 });
  await rig.tools.call('measure_stabilised_power', {
    hold_v: 0.9,
    light_source: 'external',
    duration_s: 5,
    wait_s: 0,
  });
  const rows: number[] = [];
  rig.tools.jobs.running?.watch((event) => {
    if (event.type === 'data') rows.push(event.dataset.scans[0]?.columns[0]?.values.length ?? 0);
  });
  const answer = await rig.tools.call('wait_for_measurement', { wait_s: 50 });
  expect(answer.structured).toMatchObject({ state: 'complete' });
  expect(rows.length).toBeGreaterThan(2);
  expect(rows).toEqual(rows.toSorted((a, b) => a - b));
});

it('points stay bounded however long a measurement is, and span all of it', () => {
  const points = new LivePoints();
  for (let done = 0; done < 100_000; done++)
    points.add(
      progressOf(
        jv.progress({
          voltage: { value: done, unit: 'V' },
          current: { value: 1, unit: 'mA/cm2' },
          'points done': done,
        }) ?? 'measuring',
      ),
    );
  const { all } = points;
  expect(all.length).toBeLessThanOrEqual(2000);
  expect(all.length).toBeGreaterThan(900);
  expect(all.at(-1)?.done).toBe(99_999);
  expect(all[0]?.done).toBe(0);
  const gaps = all.slice(1, -1).map(({ done = 0 }, i) => done - (all[i]?.done ?? 0));
  expect(new Set(gaps).size).toBe(1);
});
