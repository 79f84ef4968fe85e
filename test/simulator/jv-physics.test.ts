import { describe, expect, it } from 'vitest';
import { BOLTZMANN, ELEMENTARY_CHARGE } from '../../src/science/reference/constants.ts';
import { SUN_MIX } from '../../src/simulator/physics/light.ts';
import {
  type JvData,
  type JvScan,
  jvDataOf,
  jvSettings,
  measureJv,
  ONE_SUN,
  openRoutine,
  type Setup,
  scanOf,
  setUp,
} from './helpers.ts';

async function openJv(seed?: number): Promise<Setup> {
  const setup = await setUp(seed === undefined ? {} : { seed });
  await openRoutine(setup, 'JV');
  return setup;
}

async function holdStage({ client, clock }: Setup, temperature: number): Promise<void> {
  await client.data('TMPCTL', 'SetTemperature', { temperature });
  await client.data('TMPCTL', 'SetEnable', { enable: true });
  clock.pass(300);
}

/**
 * The ions are driven to where they cost nothing, by a minute beyond Voc, and stay there during a scan much
 * faster than they are: what is left is the bare diode, whose figures are known.
 */
function frozenIons(level = 100): Record<string, unknown> {
  return jvSettings({
    scan: { 'Rate (V/s)': 2000, Order: 'Reverse Only', 'Auto Voc': false },
    precondition: { 'Hold Voltage (V)': 1.2, 'Hold Time (s)': 60 },
    light: { ...ONE_SUN, 'Level (%)': level },
  });
}

function figures(scan: JvScan): { voc: number; jsc: number; ff: number; pce: number } {
  const { voc, jsc, 'fill factor': ff, efficiency } = scan.parameters;
  return { voc: voc.value, jsc: jsc.value, ff: ff.value, pce: efficiency.value };
}

describe('the reference cell measured by JV', () => {
  it('has the known figures at 25 °C and one sun', async () => {
    const data = await measureJv(await openJv(), frozenIons());
    const { voc, jsc, ff, pce } = figures(scanOf(data, 'reverse'));
    expect(Math.abs(voc - 1.1)).toBeLessThan(0.0005);
    expect(Math.abs(jsc - 21.97)).toBeLessThan(0.04);
    expect(Math.abs(ff - 76.8)).toBeLessThan(0.3);
    expect(Math.abs(pce - 18.57)).toBeLessThan(0.06);
  });

  it.each([
    { celsius: -5, voc: 1.157, pce: 19.71 },
    { celsius: 85, voc: 0.984, pce: 16.18 },
  ])('has $voc V and $pce % at $celsius °C', async ({ celsius, voc, pce }) => {
    const setup = await openJv();
    await holdStage(setup, celsius);
    const data = await measureJv(setup, frozenIons());
    const got = figures(scanOf(data, 'reverse'));
    expect(data.temperature).toBeCloseTo(celsius, 1);
    expect(Math.abs(got.voc - voc)).toBeLessThan(0.0015);
    expect(Math.abs(got.pce - pce)).toBeLessThan(0.08);
  });

  it('has 1.011 V and 18.2 % at a tenth of a sun', async () => {
    const got = figures(scanOf(await measureJv(await openJv(), frozenIons(10)), 'reverse'));
    expect(Math.abs(got.voc - 1.011)).toBeLessThan(0.0015);
    expect(Math.abs(got.jsc - 2.2)).toBeLessThan(0.01);
    expect(Math.abs(got.pce - 18.16)).toBeLessThan(0.1);
  });

  it('shows its ideality of 1.5 in Voc over light', async () => {
    const setup = await openJv();
    const points: [number, number][] = [];
    for (const level of [10, 20, 40, 70, 100]) {
      const data = await measureJv(setup, frozenIons(level));
      points.push([Math.log(level), scanOf(data, 'reverse').parameters.voc.value]);
    }
    const ideality = slope(points) / ((BOLTZMANN * 298.15) / ELEMENTARY_CHARGE);
    expect(Math.abs(ideality - 1.505)).toBeLessThan(0.01);
  });

  it.each([
    { rate: 0.02, index: 1.6 },
    { rate: 0.2, index: 5.5 },
    { rate: 2, index: 1.1 },
  ])('has a hysteresis index of $index % at $rate V/s', async ({ rate, index }) => {
    const data = await measureJv(
      await openJv(),
      jvSettings({ scan: { 'Rate (V/s)': rate, 'Auto Voc': false }, light: ONE_SUN }),
    );
    const [forward, reverse] = [figures(scanOf(data, 'forward')).pce, figures(scanOf(data, 'reverse')).pce];
    expect(Math.abs((100 * (reverse - forward)) / reverse - index)).toBeLessThan(0.35);
  });

  it('has a series resistance of a little more than 40 Ω, in Ω of the whole cell', async () => {
    const { r_series, r_shunt } = scanOf(await measureJv(await openJv(), frozenIons()), 'reverse').parameters;
    // Rs and nVt/J: 4 Ω·cm² and 1.8 Ω·cm², over 0.1 cm².
    expect(r_series.value).toBeGreaterThan(50);
    expect(r_series.value).toBeLessThan(65);
    expect(r_shunt.value).toBeGreaterThan(10_000);
  });
});

describe('light', () => {
  it('of the LED board shines whatever the source: the sun-like mix is one sun', async () => {
    const setup = await openJv();
    await setup.client.data('LED', 'SetValues', { address: 1, values: SUN_MIX });
    const data = await measureJv(setup);
    expect(scanOf(data, 'forward').parameters.jsc.value).toBeCloseTo(21.97, 1);
  });

  it('comes into a measurement when it is switched on', async () => {
    const setup = await openJv();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 1 + 0.55);
    await client.data('LED', 'SetValues', { address: 1, values: SUN_MIX });
    const rows = scanOf(await measureRest(setup), 'forward').data;
    expect(rows.slice(0, 5).every(([, density]) => density < 1e-4)).toBe(true);
    expect(rows.slice(5, 11).every(([, density]) => density > 0.021)).toBe(true);
  });

  it('enters the efficiency as it is claimed, with the area', async () => {
    const setup = await openJv();
    const dim = jvSettings({
      light: { ...ONE_SUN, 'Irradiance (mW/cm2)': 50 },
      device: { 'Area (cm2)': 0.2 },
    });
    const { jsc, efficiency } = scanOf(await measureJv(setup, dim), 'reverse').parameters;
    // Half the light on 0.1 cm², divided by a claimed 0.2 cm².
    expect(jsc.value).toBeCloseTo(21.97 / 4, 1);
    expect(efficiency.value).toBeGreaterThan(8.5);
    expect(efficiency.value).toBeLessThan(9.5);
  });
});

describe('seed', () => {
  it('gives the same data for the same requests, however often the status was read', async () => {
    const settings = jvSettings({ light: ONE_SUN });
    const [one, two, other] = [await openJv(5), await openJv(5), await openJv(6)];
    for (let i = 0; i < 10; i++) await two.client.data('TMPCTL', 'GetStatus');
    const data = await measureJv(one, settings);
    expect(await measureJv(two, settings)).toEqual(data);
    expect(await measureJv(other, settings)).not.toEqual(data);
    expect(await measureJv(one, settings)).not.toEqual(data);
  });
});

async function measureRest(setup: Setup): Promise<JvData> {
  setup.clock.pass(100);
  return jvDataOf(setup.client);
}

function slope(points: readonly [number, number][]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const top = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return top / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
