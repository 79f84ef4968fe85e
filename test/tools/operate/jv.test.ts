import { describe, expect, it } from 'vitest';
import { closesAfterEach } from '../../helpers/open.ts';
import type { Bench } from '../../helpers/tools.ts';
import { call, holdStage, type Members, measure, merged, metric, openOn } from './operate.ts';

const opened = closesAfterEach();

const openJv = (dialect: 'newest' | 'oldest' = 'newest'): Promise<Bench> =>
  openOn(opened, 'JV', { speed: 2000, dialect });

const LIGHT = { light: { Source: '12 LED' } };
const scan = (values: Members): Members => ({ scan_settings: { scan: values } });

/**
 * Settings that freeze the ions: a minute beyond Voc moves them to where they cost nothing, and the scan is much
 * faster than they are. The result is the bare diode of 1.100 V, 21.97 mA/cm², FF 76.8 % and 18.6 %.
 */
function frozenIons(level = 100): Members {
  return {
    ...scan({ 'Rate (V/s)': 2000, Order: 'Reverse Only', 'Auto Voc': false }),
    precondition: { 'Hold Voltage (V)': 1.2, 'Hold Time (s)': 60 },
    light: { Source: '12 LED', 'Level (%)': level },
  };
}

/** Least-squares slope. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (i: 0 | 1): number => points.reduce((sum, point) => sum + point[i], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  return (
    points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) /
    points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
  );
}

describe.each(['newest', 'oldest'] as const)('JV through the tools, %s dialect', (dialect) => {
  it('recovers the figures of the simulated cell', async () => {
    const data = await measure(await openJv(dialect), frozenIons());
    // Voltages are read exactly, currents to 0.05 %; 20 mV steps bend by up to 0.5 mV at Voc.
    expect(Math.abs(metric(data, 'voc') - 1.1)).toBeLessThan(1e-3);
    expect(Math.abs(metric(data, 'jsc') - 21.97)).toBeLessThan(0.04);
    expect(Math.abs(metric(data, 'fill_factor') - 76.8)).toBeLessThan(0.3);
    expect(Math.abs(metric(data, 'efficiency') - 18.57)).toBeLessThan(0.06);
    // Rs = 4 Ω·cm², and nkT/qJ = 38.5 mV / 21.6 mA = 1.8 Ω·cm² at Voc.
    expect(Math.abs(metric(data, 'r_series') - 5.8)).toBeLessThan(0.2);
    // 1/(1/5e4 + 1/3000) + 4 = 2834 Ω·cm²; noise of 0.05 % on seven points over 0.12 V leaves about a third.
    const shunt = data.metrics.find(({ name }) => name === 'r_shunt');
    expect(Math.abs((shunt?.value ?? 0) - 2834)).toBeLessThan(3 * (shunt?.uncertainty ?? 0));
    expect(shunt?.uncertainty).toBeLessThan(3000);
    for (const { name, value, reported } of data.metrics) {
      if (reported !== undefined && !name.startsWith('r_'))
        expect(Math.abs((value ?? 0) / reported - 1), name).toBeLessThan(0.01);
    }
    expect(data.metrics.filter(({ reported }) => reported !== undefined)).toHaveLength(9);
    expect(data.warnings).toEqual([]);
    expect(data.notes.filter((note) => !note.includes('shown'))).toEqual([
      expect.stringContaining('multiplied by 1000'),
    ]);
  });
});

describe('physics through the tools', () => {
  it.each([
    { rate: 0.02, index: 1.6 },
    { rate: 0.2, index: 5.5 },
    { rate: 2, index: 1.1 },
  ])('hysteresis is $index % at $rate V/s', async ({ rate, index }) => {
    const data = await measure(await openJv(), {
      ...scan({ 'Rate (V/s)': rate, 'Auto Voc': false }),
      ...LIGHT,
    });
    // Each power is good to about 0.1 %, so the index to 0.15 points; the known values are rounded.
    expect(Math.abs(metric(data, 'hysteresis_index') - index)).toBeLessThan(0.35);
    expect(data.scans.map(({ direction }) => direction)).toEqual(['forward', 'reverse']);
  });

  it('Voc over light has an ideality of 1.5', async () => {
    const tools = await openJv();
    const points: [number, number][] = [];
    for (const level of [3, 10, 30, 100]) {
      const data = await measure(tools, frozenIons(level));
      points.push([Math.log(level), metric(data, 'voc')]);
      // The efficiency knows the level: 16 to 19 % of whatever light there is.
      expect(metric(data, 'efficiency')).toBeGreaterThan(15);
      expect(metric(data, 'efficiency')).toBeLessThan(19.5);
    }
    // 0.5 mV of Voc over 3.5 of ln(light) is 0.006; the shunts make it 1.505.
    expect(Math.abs(slope(points) / 0.025693 - 1.5)).toBeLessThan(0.03);
  });

  it('Voc falls by 1.9 mV/K', async () => {
    const tools = await openJv();
    const points: [number, number][] = [];
    for (const celsius of [15, 40, 65]) {
      await holdStage(tools, celsius);
      points.push([celsius, metric(await measure(tools, frozenIons()), 'voc')]);
    }
    // 0.5 mV of Voc over 50 K.
    expect(Math.abs(1000 * slope(points) + 1.92)).toBeLessThan(0.04);
  });

  it('series resistance does not depend on where the scan ends', async () => {
    const tools = await openJv();
    for (const end of [1.12, 1.2]) {
      const data = await measure(tools, merged(frozenIons(), scan({ 'End (V)': end })));
      expect(Math.abs(metric(data, 'r_series') - 5.8)).toBeLessThan(0.2);
    }
  });
});

describe('a sweep through the tools', () => {
  it('pairs directions by their indices, and knows the light of each scan', async () => {
    const tools = await openJv();
    const data = await measure(tools, {
      ...scan({ 'Auto Voc': false }),
      ...LIGHT,
      sweep_settings: [
        { Type: 'Light', Enable: true, Start: 50, End: 100, Step: 50 },
        { Type: 'Scan Rate', Enable: true, Start: 0.2, End: 2, Step: 1.8 },
      ],
    });
    expect(data.scans).toHaveLength(8);
    const names = data.metrics.filter(({ name }) => name === 'voc').map(({ scan: name }) => name);
    expect(new Set(names).size).toBe(8);
    const indices = data.metrics.filter(({ name }) => name === 'hysteresis_index');
    expect(indices.map(({ scan: name }) => name)).toEqual([
      'reverse, sweep_1 0, sweep_2 0',
      'reverse, sweep_1 0, sweep_2 1',
      'reverse, sweep_1 1, sweep_2 0',
      'reverse, sweep_1 1, sweep_2 1',
    ]);
    // At one sun: 5.5 % at 0.2 V/s and 1.1 % at 2 V/s.
    expect(Math.abs((indices[2]?.value ?? 0) - 5.5)).toBeLessThan(0.4);
    expect(Math.abs((indices[3]?.value ?? 0) - 1.1)).toBeLessThan(0.4);
    // Half the light gives half the current and much the same efficiency.
    const [half, full] = ['reverse, sweep_1 0, sweep_2 1', 'reverse, sweep_1 1, sweep_2 1'];
    expect(metric(data, 'jsc', half) / metric(data, 'jsc', full)).toBeCloseTo(0.5, 2);
    expect(Math.abs(metric(data, 'efficiency', half) - metric(data, 'efficiency', full))).toBeLessThan(0.8);
    expect(data.warnings.join()).not.toContain('the instrument says');
  });
});

describe('what a specialist would doubt, through the tools', () => {
  const cases: [string, Members, string][] = [
    [
      'the wrong polarity with Auto Voc',
      { device: { Inverted: true }, ...LIGHT },
      'Auto Voc stopped at the first point',
    ],
    [
      'the wrong polarity without',
      { device: { Inverted: true }, ...scan({ 'Auto Voc': false }), ...LIGHT },
      'the polarity is inverted',
    ],
    [
      'a compliance below the current',
      { device_settings: { 'Compliance (A)': 0.001 }, ...scan({ 'Auto Voc': false }), ...LIGHT },
      'points lie at the compliance of 0.001 A',
    ],
    ['an area that is too small', { device: { 'Area (cm2)': 0.04 }, ...LIGHT }, 'check area and irradiance'],
    ['no light', scan({ 'Auto Voc': false }), 'this is a dark curve'],
    ['a scan that ends early', { ...scan({ 'End (V)': 0.9 }), ...LIGHT }, 'Voc is outside the scan'],
  ];
  it.each(cases)('%s', async (_, settings, warning) => {
    const data = await measure(await openJv(), settings);
    expect(data.warnings).toContainEqual(expect.stringContaining(warning));
  });

  it('light that the routine does not know of', async () => {
    const tools = await openJv();
    await call(tools, 'led_set_values', { values: Array.from({ length: 12 }, () => 0.3) });
    const data = await measure(tools, scan({ 'Auto Voc': false }));
    expect(data.warnings).toContainEqual(expect.stringContaining('other light is on'));
    expect(data.metrics.filter(({ name, value }) => name === 'efficiency' && value !== null)).toEqual([]);
  });

  it('an open pixel, and nothing is made of its noise', async () => {
    const tools = await openJv();
    await call(tools, 'mux_connect');
    await call(tools, 'mux_set_status', { state: Array.from({ length: 8 }, (_, i) => i === 6) });
    const data = await measure(tools, { ...scan({ 'Auto Voc': false }), ...LIGHT });
    expect(data.warnings).toContainEqual(expect.stringContaining('hardly any current at 0 V'));
  });
});
