import { describe, expect, it } from 'vitest';
import { SUN_MIX } from '../../src/simulator/physics/light.ts';
import { OPEN_PIXEL, SHORTED_PIXEL } from '../../src/simulator/physics/sample.ts';
import { closeRelay, jvSettings, measureJv, openRoutine, scanOf, setUp } from './helpers.ts';
import {
  fixed,
  type ImpedanceData,
  measure,
  ONE_SUN,
  open,
  resistance,
  type Wanted,
} from './impedance-fixture.ts';

describe('the impedance of the reference cell at 0.01 Hz', () => {
  // 40 Ω in series. The first two figures are known to one digit; noise is 0.3 %. Under light the junction is
  // J·Rs above the terminals: 0.9 and 1.0 V here.
  it.each([
    { volts: 0, light: { mode: 'Off' }, ohm: 5e5, tolerance: 0.02 },
    { volts: 0.8, light: { mode: 'Off' }, ohm: 4e4, tolerance: 0.08 },
    { volts: 0.8138, light: ONE_SUN, ohm: 2940, tolerance: 0.03 },
    { volts: 0.9198, light: ONE_SUN, ohm: 280, tolerance: 0.03 },
    { volts: 1.1, light: ONE_SUN, ohm: 58, tolerance: 0.03 },
  ])('is $ohm Ω at $volts V, light $light.mode', async ({ volts, light, ohm, tolerance }) => {
    const got = resistance(await measure(await open(), { offset: fixed(volts), light }));
    expect(Math.abs(got / ohm - 1)).toBeLessThan(tolerance);
  });

  it('is −dV/dI of the JV at the same bias, light and temperature', async () => {
    const setup = await setUp();
    const { client } = setup;
    await client.data('LED', 'SetValues', { address: 1, values: SUN_MIX });
    await openRoutine(setup, 'JV');
    // Ions frozen where they cost nothing, as impedance takes them.
    const jv = await measureJv(
      setup,
      jvSettings({
        scan: {
          'Start (V)': 0.99,
          'End (V)': 1.01,
          'Step (V)': 0.0005,
          'Rate (V/s)': 2000,
          Order: 'Reverse Only',
          'Auto Voc': false,
        },
        precondition: { 'Hold Voltage (V)': 1.2, 'Hold Time (s)': 60 },
        device: { 'Area (cm2)': 0.1 },
      }),
    );
    await client.data('ROUTINE', 'CloseRoutine');
    await openRoutine(setup, 'Impedance');
    const ohm = resistance(await measure(setup, { offset: fixed(1) }));
    const points = scanOf(jv, 'reverse').data.map(([v, j]) => [v, j * 0.1] as const);
    // A line over ±10 mV of an exponential of 39 mV is 0.7 % off; noise of the current makes 1 %, of Z 0.3 %.
    expect(Math.abs(ohm * slope(points) + 1)).toBeLessThan(0.03);
  });

  it('falls when the sine is no small signal', async () => {
    const setup = await open();
    const small = resistance(await measure(setup, { offset: fixed(0.8) }));
    const large = resistance(await measure(setup, { offset: fixed(0.8), amplitude: 0.1 }));
    // 2·I1(u)/u = 2.11 at u = 100 mV/38.5 mV, for all but the shunt.
    expect(small / large).toBeGreaterThan(1.9);
    expect(small / large).toBeLessThan(2.15);
  });
});

describe('contacts', () => {
  async function relay(number: number, wanted: Wanted): Promise<ImpedanceData> {
    const setup = await open();
    await closeRelay(setup, number);
    return measure(setup, wanted);
  }

  it('shorted: two ohms', async () => {
    expect(resistance(await relay(SHORTED_PIXEL, { start: 1000, stop: 1000 }))).toBeCloseTo(2, 0);
  });

  it('open: stray capacitance, and zeros with infinite capacitances where no current is found', async () => {
    const { scans } = await relay(OPEN_PIXEL, { start: 100, stop: 10_000, steps: 20, amplitude: 0.01 });
    const rows = scans[0]?.data ?? [];
    expect(rows[0]?.slice(1, 5)).toEqual([0, 0, 0, 0]);
    expect(Math.abs(Number(rows[0]?.[5]))).toBe(Number.POSITIVE_INFINITY);
    expect(Number(rows.at(-1)?.[5])).toBeCloseTo(1e-11, 12);
  });
});

function slope(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const top = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return top / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
