import { describe, expect, it } from 'vitest';
import { toolName } from '../../../src/instrument/command.ts';
import { tpr } from '../../../src/instrument/routines/tpr.ts';
import { decodeReply } from '../../../src/protocol/envelope.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';
import { told } from './told.ts';

describe('TPR data', () => {
  it('is a trace per level and the table of results; a dt of 1 s makes no time axis (row 35)', () => {
    const { scans, notes } = tpr.dataset(wireData('tpr-data.txt'));
    expect(scans.map(({ label }) => label)).toEqual(['light:0', 'processed']);
    expect(headingsOf(scans[0])).toEqual([
      ['Voltage', 'V'],
      ['Current', 'A'],
    ]);
    expect(scans[0]?.columns[0]?.values).toHaveLength(3);
    expect(rowOf(scans[0], 0)).toEqual([2.98263548080926, -5.22751659154892e-5]);
    expect(scans[0]?.conditions).toEqual({ light: { value: 0, unit: '' }, dt: { value: 1, unit: 's' } });
    expect(scans[0]?.reported).toEqual({
      rise_time: { value: 0, unit: 's' },
      fall_time: { value: 0, unit: 's' },
    });
    expect(headingsOf(scans[1])).toEqual([
      ['Voltage', 'V'],
      ['Recombination Time', 's'],
    ]);
    expect(rowOf(scans[1], 1)).toEqual([6.87851028592209, 0.001]);
    expect(notes).toEqual([expect.stringContaining('no time axis')]);
  });

  it('that is too short for a decay gives no lifetime, and no error', () => {
    const { metrics, warnings } = tpr.analyse(tpr.dataset(wireData('tpr-data.txt')), {});
    expect(metrics.map(({ name, value }) => [name, value])).toEqual([
      ['voc', expect.closeTo(2.9826, 4)],
      ['perturbation', null],
      ['lifetime', null],
    ]);
    expect(warnings).toEqual([expect.stringContaining('no transient')]);
    expect(tpr.analyse(tpr.dataset({ scans: [] }), {})).toEqual({ metrics: [], warnings: [] });
  });

  it('has data_scheme and processed_scheme in older software (row 35), and a time from dt', () => {
    const { scans, notes } = tpr.dataset({
      test: 'TPC',
      scans: [
        {
          name: 'light:3',
          data_scheme: [
            { name: 'Voltage', unit: 'V' },
            { name: 'Current', unit: 'A' },
          ],
          data: [
            ['0', '1E-5'],
            ['0', '2E-5'],
          ],
          'dt (s)': '2E-6',
        },
      ],
      processed_scheme: [
        { name: 'Current Density', unit: 'A/cm^2' },
        { name: 'Charge', unit: 'C' },
      ],
      processed_data: [],
    });
    expect(headingsOf(scans[0])).toEqual([
      ['Time', 'µs'],
      ['Voltage', 'V'],
      ['Current', 'A'],
    ]);
    expect(rowOf(scans[0], 1)).toEqual([2, 0, 2e-5]);
    expect(headingsOf(scans[1])).toEqual([
      ['Current Density', 'A/cm²'],
      ['Charge', 'C'],
    ]);
    expect(notes).toEqual([]);
  });

  const transient = (test: string, peak: number) => ({
    test,
    scans: [
      {
        name: 'light:0',
        data_schema: [
          { value: 'Voltage', unit: 'V' },
          { value: 'Current', unit: 'A' },
        ],
        data: Array.from({ length: 100 }, (_, i) => [
          0,
          peak * (0.5 + (i < 10 ? 0 : Math.exp((10 - i) / 8))),
        ]),
        'dt (s)': 1e-7,
      },
    ],
  });

  it('has a positive photocurrent, whatever the instrument plots (row 52)', () => {
    const turned = tpr.dataset(transient('TPC', -1e-3));
    expect(turned.scans[0]?.columns[2]?.values[10]).toBeCloseTo(1.5e-3, 6);
    expect(turned.notes).toEqual([expect.stringContaining('photocurrent > 0')]);
    const upright = tpr.dataset(transient('TPC', 1e-3));
    expect(upright.scans[0]?.columns[2]?.values[10]).toBeCloseTo(1.5e-3, 6);
    expect(upright.notes).toEqual([]);
  });

  it('takes TPV or TPC from the table, then from the settings (row 31)', () => {
    const data = tpr.dataset(transient('TPC', 1e-3));
    const names = (settings: Record<string, unknown>) =>
      tpr.analyse(data, { settings }).metrics.map(({ name }) => name);
    expect(names({ test: 'TPC' })).toContain('charge');
    expect(names({ test: 'TPV' })).toContain('lifetime');
    expect(tpr.analyse(data, {}).warnings).toEqual([expect.stringContaining('TPV or TPC')]);
  });

  it('without dt is timed by duration and points of the settings, and that is said', () => {
    const data = transient('TPC', 1e-3);
    const scans = data.scans.map((scan) => ({ ...scan, 'dt (s)': 0 }));
    const settings = { test: 'TPC', output_settings: { pulse: { duration: 1e-5, points: 100 } } };
    const { metrics, warnings } = tpr.analyse(tpr.dataset({ ...data, scans }), { settings });
    // exp(−i/8) at 0.1 µs per sample.
    expect(metrics.find(({ name }) => name === 'decay_time')?.value).toBeCloseTo(0.8, 2);
    expect(warnings).toContainEqual(expect.stringContaining('duration over points'));
  });
});

const output_settings = {
  pulse: { duration: 0.002, duty_cycle: 30, delay: 1e-4, averaging: 100, points: 1000 },
  level: { start: 0.25, end: 1, steps: 30, ramp: true, dark: false, offset: 0.5, bias: 0.7 },
  additional: { step_delay: 0.5 },
  transient: { high: 80, mid: 50, low: 20 },
};

describe('TPR settings', () => {
  it.each([
    [
      'range',
      0,
      {
        test: 'TPV',
        device_type: 'Oscilloscope Real-Time',
        device_settings: { range: { value: 0.1, unit: 'A' } },
      },
    ],
    [
      'compliance',
      0,
      { test: 'TPC', device_type: 'SMU', device_settings: { compliance: { value: 0.01, unit: 'A' } } },
    ],
    ['an integer device_type', 1, { device_type: 0, device_settings: { 'Voltage Compliance': 6 } }],
  ])('with %s are recognised (row 42)', (_, form, settings) => {
    const matching = tpr.settings.map(
      ({ schema }) => schema.safeParse({ ...settings, output_settings }).success,
    );
    expect(matching).toEqual([form === 0, form === 1]);
  });
});

describe('TPR SetMode (row 31)', () => {
  const [SetMode] = tpr.commands;

  it('is a tool that points to the settings', () => {
    expect(SetMode && toolName(SetMode)).toBe('tpr_set_mode');
    expect(SetMode?.description).toContain('older software');
    expect(SetMode?.description).toContain('routine_get_settings');
  });

  it('is content with a bare status for an answer (row 4)', () => {
    expect(decodeReply(Buffer.from('{ "status": "OK" }'))).toMatchObject({ ok: true });
    expect(SetMode?.result.safeParse(wireData('set-mode-bare.txt')).success).toBe(true);
  });

  it.each([{}, { mode: 'tpv' }, { mode: 'TPV', data: 1 }])('refuses %j', (args) => {
    expect(SetMode?.parameter.safeParse(args).success).toBe(false);
  });
});

describe('TPR progress', () => {
  it('is a sentence', () => {
    expect(told(tpr.progress({ light: 0.25, 'points done': 0, 'total points': 30 }))).toBe(
      'light 0.25, 0 of 30 levels',
    );
    expect(tpr.progress('half')).toBeUndefined();
  });
});
