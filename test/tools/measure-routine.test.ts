import { describe, expect, it, vi } from 'vitest';
import {
  HIGH_RESISTANCE_PIXEL,
  OPEN_PIXEL,
  PIXELS,
  SHORTED_PIXEL,
} from '../../src/simulator/physics/sample.ts';
import { figure, idOf, startRig } from '../helpers/measuring.ts';

describe.concurrent('measure_routine', () => {
  it('collects what the instrument holds only while it runs', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    const settings = { output: { 'Pulse Delay': { 'End (s)': 2e-5 } } };
    const answer = await rig.tools.call('measure_routine', { routine: 'CELIV', settings, wait_s: 50 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', routine: 'Photo-CELIV' });
    expect(answer.text).toContain('3003 rows');
  });

  it('does not set the area back that it has just stated', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    const answer = await rig.tools.call('measure_routine', {
      routine: 'JV',
      area_cm2: 0.2,
      settings: { light: { Source: '12 LED' } },
      wait_s: 50,
    });
    const { record } = await rig.tools.archive.read(idOf(answer));
    expect(record.settings).toMatchObject({ device: { 'Area (cm2)': 0.2 }, light: { Source: '12 LED' } });
    expect(rig.other('ROUTINE', 'GetSettings')).toMatchObject({ data: { device: { 'Area (cm2)': 0.2 } } });
    // Half the current density of the 0.1 cm² that it is.
    expect(figure(answer, 'jsc')[0]).toBeCloseTo(11, 0);
  });

  it('watches what runs until it is stopped, and keeps its own record of it', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    const fractions: number[] = [];
    const progress = (_: string, fraction = 0): void => void fractions.push(fraction);
    const args = { routine: 'MPPT', duration_s: 2, wait_s: 50 };
    const asked = rig.tools.call('measure_routine', args, { progress });
    expect((await asked).structured).toMatchObject({ state: 'complete', routine: 'MPPT' });
    expect(rig.names()).toContain('ROUTINE.StopMeasurement');
    // Its time was over before its end.
    expect(Math.max(...fractions)).toBe(0.99);
  });
});

describe.concurrent('cancel_measurement', () => {
  it.each([
    ['measure_stabilised_power', { duration_s: 60 }],
    ['measure_routine', { routine: 'Connection Test', duration_s: 60 }],
  ])('keeps what %s has watched, and the instrument’s own words', async (tool, args) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const rig = await startRig((close) => closes.push(close), { speed: 50 });
      await rig.tools.call(tool, { ...args, wait_s: 0 });
      await vi.waitFor(() => expect(rig.tools.jobs.last?.progress.fraction ?? 0).toBeGreaterThan(0.01), {
        timeout: 20_000,
        interval: 10,
      });
      const answer = await rig.tools.call('cancel_measurement');
      expect(answer.structured, answer.text).toMatchObject({ state: 'stopped' });
      expect(JSON.stringify(rig.other('ROUTINE', 'GetTestStatus'))).toContain('"Ready"');
      const { record, state, problems } = await rig.tools.archive.read(idOf(answer));
      expect({ state, problems }).toEqual({ state: 'stopped', problems: [] });
      expect(record.files.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['data.json', expect.stringContaining('GetTestData')]),
      );
    } finally {
      for (const close of closes) await close();
    }
  });
});

describe('check_contact', () => {
  it.concurrent.each([
    [1, 1, 'good', []],
    [SHORTED_PIXEL, 0, 'short', [/short/]],
    [HIGH_RESISTANCE_PIXEL, 0, 'high resistance', [/./]],
    [OPEN_PIXEL, 0, 'open', [/open/]],
  ])('tells how the pixel at relay %d is contacted, in words', async (relay, contactOk, words, says) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const rig = await startRig((close) => closes.push(close), { speed: 20 });
      const state = Array.from({ length: PIXELS }, (_, i) => i + 1 === relay);
      expect(rig.other('MUX', 'SetStatus', { state })).toMatchObject({ status: 'ok' });
      const answer = await rig.tools.call('check_contact', { forward_v: 1.2, wait_s: 50 });
      for (const doubt of says)
        expect(answer.structured['warnings']).toContainEqual(expect.stringMatching(doubt));
      expect(figure(answer, 'contact_ok')).toEqual([contactOk]);
      expect(answer.structured['metrics']).toContainEqual(
        expect.objectContaining({ name: 'contact_ok', words: { all: words } }),
      );
      const listed = await rig.tools.call('list_measurements');
      expect(listed.text).toContain(`contact_ok ${contactOk} (${words})`);
      const { record } = await rig.tools.archive.read(idOf(answer));
      expect(record.conditions?.relays).toEqual(state);
    } finally {
      for (const close of closes) await close();
    }
  });
});
