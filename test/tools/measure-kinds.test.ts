import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { measurementKinds } from '../helpers/all-in-one.ts';
import { commands } from '../../src/instrument/commands/index.ts';
import { type Answered, figure, idOf, type Rig, startRig } from '../helpers/measuring.ts';

interface Case {
  tool: string;
  args: Record<string, unknown>;
  /** Simulated seconds in a real one: so fast as the measurement is still seen running. */
  speed?: number;
  /** Some of the settings as the instrument has to have them afterwards. */
  settings: Record<string, unknown>;
  figures: (answer: Answered) => void;
  /** Commands whose replies are kept. */
  kept?: string[];
}

const near = (value: number | undefined, expected: number, relative: number): void => {
  expect(value).toBeGreaterThan(expected * (1 - relative));
  expect(value).toBeLessThan(expected * (1 + relative));
};
const area = { area_cm2: 0.1 };

const both: Case[] = [
  {
    tool: 'measure_jv',
    args: { ...area, device_name: 'A1', light_source: '12_led', light_level_percent: 100, order: 'reverse' },
    settings: { light: { Source: '12 LED', 'Level (%)': 100 }, device: { 'Area (cm2)': 0.1 } },
    figures: (answer) => {
      near(figure(answer, 'voc')[0], 1.096, 0.01);
      near(figure(answer, 'jsc')[0], 21.9, 0.02);
      near(figure(answer, 'efficiency')[0], 17.6, 0.03);
    },
  },
  {
    tool: 'measure_dark_jv',
    args: { ...area, end_v: 1.15, step_v: 0.02, order: 'forward' },
    settings: { scan_settings: { 'V end (V)': 1.15, 'Scan Order': 'FW Only' } },
    figures: (answer) => near(figure(answer, 'ideality')[0], 1.5, 0.03),
  },
  {
    tool: 'check_contact',
    args: { forward_v: 1.2 },
    settings: {},
    figures: (answer) => {
      expect(figure(answer, 'contact_ok')).toEqual([1]);
      expect(answer.text).toContain('3 rows');
    },
  },
  {
    tool: 'measure_eqe',
    args: { ...area, start_nm: 300, end_nm: 860, step_nm: 20, acquisition_s: 0.2 },
    settings: { wavelength: { Start: 300, End: 860, Step: 20 } },
    figures: (answer) => {
      near(figure(answer, 'jsc_integrated')[0], 21.7, 0.03);
      near(figure(answer, 'band_gap')[0], 1.6, 0.02);
    },
  },
  {
    tool: 'measure_impedance',
    args: { start_hz: 100, stop_hz: 20_000, points: 20, amplitude_v: 0.01, bias_mode: 'fixed', bias_v: 0.9 },
    speed: 2,
    settings: {},
    figures: (answer) => {
      expect(figure(answer, 'r_total')[0]).toBeGreaterThan(50);
      near(figure(answer, 'alpha_1')[0], 0.92, 0.06);
    },
  },
  {
    tool: 'measure_transient',
    args: { test: 'TPV', levels: 3, averages: 4 },
    speed: 10,
    settings: { output_settings: { level: { steps: 3 }, pulse: { averaging: 4 } } },
    figures: (answer) => expect(answer.structured['metrics']).not.toEqual([]),
  },
  {
    tool: 'measure_celiv',
    // In real time, with delays of a second: what is not fetched before the next delay is done is lost.
    args: { thickness_nm: 500, first_delay_s: 0, delay_step_s: 1e-5, last_delay_s: 2e-5, averages: 800 },
    speed: 1,
    settings: { device_thickness_m: 5e-7, output: { 'Pulse Delay': { 'End (s)': 2e-5 } } },
    figures: (answer) => {
      for (const mobility of figure(answer, 'mobility_cm2')) near(mobility, 1e-3, 0.1);
      // Every delay, although the instrument only ever holds one.
      expect(answer.text).toMatch(/3003 rows/);
    },
  },
  {
    tool: 'measure_tcspc',
    args: {},
    settings: {},
    figures: (answer) => {
      near(figure(answer, 'tau_1')[0], 4, 0.1);
      near(figure(answer, 'tau_2')[0], 25, 0.1);
    },
    kept: ['GetRates', 'GetTestData'],
  },
];

const sheet = (answer: Answered): void => {
  near(figure(answer, 'sheet_resistance_corrected')[0] ?? figure(answer, 'sheet_resistance')[0], 150, 0.03);
};
const peak = (answer: Answered): void => near(figure(answer, 'peak_wavelength')[0], 777, 0.005);
const lit = { light_source: '12_led', light_level_percent: 100 };
const spectrum = ['AutoExposure', 'AcquireDark', 'AcquireSingle', 'GetTestData'];

const cases: Record<'newest' | 'oldest', Case[]> = {
  newest: [
    ...both,
    {
      tool: 'measure_sheet_resistance',
      args: { thickness_um: 0.5, length_mm: 100, width_mm: 25, v_limit: 8 },
      settings: { acquisition: { 'V limit': 8 }, device_dimension: { 'Film Thickness (um)': 0.5 } },
      figures: sheet,
    },
    {
      tool: 'measure_luminescence',
      args: { laser_percent: 20, laser_channel: 1, averages: 2 },
      settings: { averages: 2 },
      figures: peak,
      kept: spectrum,
    },
    {
      tool: 'measure_stabilised_power',
      args: { ...area, ...lit, duration_s: 5 },
      settings: { light: { Source: '12 LED' } },
      figures: (answer) => near(figure(answer, 'stabilised_efficiency')[0], 17.9, 0.05),
    },
    { tool: 'measure_routine', args: { routine: 'PLQY' }, settings: {}, figures: () => undefined },
  ],
  oldest: [
    ...both,
    {
      tool: 'measure_sheet_resistance',
      args: { thickness_um: 0.5, length_mm: 100, width_mm: 25 },
      settings: {},
      figures: sheet,
    },
    {
      tool: 'measure_luminescence',
      args: { laser_percent: 100, integration_ms: 20 },
      settings: {},
      figures: peak,
      kept: spectrum.slice(1),
    },
  ],
};

async function requireWhole(
  answer: Answered,
  { tool, args, settings, figures, kept }: Case,
  { tools, other, names }: Rig,
) {
  expect(answer.structured, answer.text).toMatchObject({ state: 'complete', simulated: true });
  expect(answer.structured['warnings']).not.toContainEqual(
    expect.stringMatching(/FAILED|COULD NOT|never seen/),
  );
  figures(answer);

  const { record, state, problems, folder } = await tools.archive.read(idOf(answer));
  expect({ state, problems }).toEqual({ state: 'complete', problems: [] });
  expect(record).toMatchObject({ tool, request: args, simulated: true, failure: null, settings });
  expect(record.conditions?.leds).not.toBeNull();
  // Every argument has a value, or a note that says why it has none.
  const { values = {}, switched_on: switched = [] } = record.applied ?? {};
  const table = measurementKinds.find((kind) => kind.tool === tool)?.arguments ?? {};
  expect(Object.keys(values)).toEqual(expect.arrayContaining(Object.keys(table)));
  for (const [name, { value, note }] of Object.entries(values))
    if (value === null) expect(note, name).toBeDefined();
  for (const name of Object.keys(args)) if (name in table) expect(values[name]?.source, name).toBe('asked');
  for (const { what, off } of switched) expect([what, off]).not.toContain('failed');
  expect(record.metrics.map(({ name }) => name)).toEqual(
    expect.arrayContaining(
      z
        .array(z.looseObject({ name: z.string() }))
        .parse(answer.structured['metrics'])
        .map(({ name }) => name),
    ),
  );
  for (const { name, bytes, sha256 } of record.files) {
    const content = readFileSync(path.join(folder, name));
    expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
  }
  const replies = record.files.flatMap(({ name }) => (name.startsWith('replies/') ? [name] : []));
  for (const command of kept ?? ['GetTestData'])
    expect(replies).toContainEqual(expect.stringContaining(command));
  // Word for word, with what the instrument writes around the data.
  const last = readFileSync(path.join(folder, replies.at(-1) ?? ''), 'utf8');
  expect(JSON.parse(last.replaceAll(/\bNaN\b|-?\bInfinity\b/g, 'null'))).toMatchObject({
    simulator: 'arkeo-mcp test',
  });

  const command = names().includes('ROUTINE.LoadSettings') ? 'LoadSettings' : 'GetSettings';
  const { data } = other('ROUTINE', command);
  const inForce = data === undefined ? {} : commands.ROUTINE.GetSettings.result.parse(data).settings;
  expect(record.settings).toEqual(inForce);
}

describe.each(['newest', 'oldest'] as const)('on the %s software', (dialect) => {
  it.concurrent.each(cases[dialect])(
    '$tool measures, says what it found, and keeps all of it',
    async (one) => {
      const closes: (() => Promise<void>)[] = [];
      try {
        const rig = await startRig((close) => closes.push(close), { dialect, speed: one.speed ?? 20 });
        const answer = await rig.tools.call(one.tool, { ...one.args, wait_s: 50 });
        expect(answer.isError, answer.text).toBe(false);
        await requireWhole(answer, one, rig);
      } finally {
        for (const close of closes) await close();
      }
    },
  );
});
