import { describe, expect, it } from 'vitest';
import { SUN_MIX } from '../../src/simulator/physics/light.ts';
import { closeRelay, jvSettings, measureJv, ONE_SUN, openRoutine, scanOf, type Setup } from './helpers.ts';
import { eqeAt, lastIntegral, measure, openIpce, type Row } from './ipce-fixture.ts';

async function holdStage({ client, clock }: Setup, temperature: number): Promise<void> {
  await client.data('TMPCTL', 'SetTemperature', { temperature });
  await client.data('TMPCTL', 'SetEnable', { enable: true });
  clock.pass(300);
}

describe('the EQE of the reference cell', () => {
  it('gives 21.8 mA/cm² under AM1.5G, on a grid of 5 and of 10 nm', async () => {
    const setup = await openIpce();
    const coarse = await measure(setup);
    expect(coarse).toHaveLength(61);
    // 0.3 % of noise on 61 points averages to 0.05 %.
    expect(Math.abs(lastIntegral(coarse) - 21.73)).toBeLessThan(0.05);
    const fine = await measure(setup, {}, { Step: 5 });
    expect(fine).toHaveLength(121);
    expect(Math.abs(lastIntegral(fine) - 21.78)).toBeLessThan(0.05);
  });

  it('is that of the table within its noise', async () => {
    const rows = await measure(await openIpce());
    for (const [nm, percent] of [
      [310, 22.3],
      [400, 75.4],
      [510, 93],
      [620, 87.4],
      [740, 85.9],
      [780, 35.3],
      [800, 3.5],
    ] as const) {
      // Four standard deviations of 0.3 % and 0.2 nA/cm² of the weakest 1 µA/cm².
      expect(Math.abs(eqeAt(rows, nm) - percent)).toBeLessThan(0.013 * percent + 0.01);
    }
    expect(eqeAt(rows, 900)).toBeCloseTo(0, 1);
  });

  it('has a current of EQE · P · λ/1240 under 20 to 90 µW/cm², and its integral begins with NaN', async () => {
    const rows = await measure(await openIpce());
    const power = ([nm, eqe, density]: Row): number => (1e6 * 100 * 1240 * density) / (eqe * nm);
    const at = (nm: number): Row => rows.find(([x]) => x === nm) ?? [0, 0, 0, 0];
    expect(power(at(300))).toBeCloseTo(20, 6);
    expect(power(at(430))).toBeCloseTo(90, 6);
    expect(rows.map(([, , , sum]) => Number.isNaN(sum)).indexOf(false)).toBe(1);
    const integrals = rows.slice(1).map(([, , , sum]) => sum);
    const steps = integrals.slice(1).map((sum, i) => sum - (integrals[i] ?? 0));
    // It rises but for the noise beyond the edge.
    expect(Math.min(...steps)).toBeGreaterThan(-1e-7);
  });

  it.each([25, 65])('agrees within 2 %% with the Jsc of JV at %d °C', async (celsius) => {
    const setup = await openIpce();
    await holdStage(setup, celsius);
    const integrated = lastIntegral(await measure(setup, {}, { Step: 5 }));
    await setup.client.data('ROUTINE', 'CloseRoutine');
    await openRoutine(setup, 'JV');
    const data = await measureJv(setup, jvSettings({ light: ONE_SUN, scan: { 'Auto Voc': false } }));
    const jsc = scanOf(data, 'reverse').parameters.jsc.value;
    expect(Math.abs(integrated / jsc - 1)).toBeLessThan(0.02);
  });

  it('has an edge that moves by 0.3 nm/K', async () => {
    const setup = await openIpce();
    const half = (rows: readonly Row[]): number => {
      const after = rows.findLastIndex(([, eqe]) => eqe > 40) + 1;
      const [[x0, y0], [x1, y1]] = [rows[after - 1] ?? [0, 0, 0, 0], rows[after] ?? [0, 0, 0, 0]];
      return x0 + ((y0 - 40) * (x1 - x0)) / (y0 - y1);
    };
    const cool = half(await measure(setup, {}, { Start: 700, End: 850, Step: 1 }));
    await holdStage(setup, 65);
    const warm = half(await measure(setup, {}, { Start: 700, End: 850, Step: 1 }));
    expect(Math.abs(warm - cool - 12)).toBeLessThan(0.8);
  });

  it('is as good as none of an open pixel, and no spectrum of a shorted one', async () => {
    const setup = await openIpce();
    await closeRelay(setup, 7);
    const open = await measure(setup);
    // 0.2 nA/cm² of noise over at least 0.9 µA/cm² per 20 %.
    expect(Math.max(...open.map(([, eqe]) => Math.abs(eqe)))).toBeLessThan(0.1);
    await closeRelay(setup, 4);
    const shorted = await measure(setup);
    expect(Math.max(...shorted.map(([, eqe]) => Math.abs(eqe)))).toBeGreaterThan(150);
    await closeRelay(setup, 2);
    expect(Math.abs(lastIntegral(await measure(setup)) / 21.73 - 1)).toBeLessThan(0.04);
  });

  it('is as wrong as the area that is claimed', async () => {
    const setup = await openIpce();
    await setup.client.data('ROUTINE', 'SetInfo', { device_area: 0.2 });
    expect(Math.abs(lastIntegral(await measure(setup)) - 21.73 / 2)).toBeLessThan(0.03);
  });

  it('counts the light of the LEDs, unless the chopper runs', async () => {
    const setup = await openIpce();
    await setup.client.data('LED', 'SetValues', { address: 1, values: SUN_MIX.map((level) => level / 100) });
    expect(eqeAt(await measure(setup), 510)).toBeGreaterThan(200);
    const chopped = await measure(setup, { 'Chopper Frequency (Hz)': 17 });
    expect(Math.abs(eqeAt(chopped, 510) / 93 - 1)).toBeLessThan(0.02);
    expect(
      eqeAt(await measure(setup, { 'LED Level': 0.1, 'Chopper Frequency (Hz)': 0 }), 510),
    ).toBeGreaterThan(1000);
  });

  it('is noisier with fewer than ten chopper periods in an acquisition', async () => {
    const setup = await openIpce();
    const scatter = async (seconds: number): Promise<number> => {
      const rows = await measure(
        setup,
        { 'Chopper Frequency (Hz)': 10, 'Acquisition time (s)': seconds },
        { Start: 500, End: 510, Step: 0.05 },
      );
      const mean = rows.reduce((sum, [, eqe]) => sum + eqe, 0) / rows.length;
      return Math.sqrt(rows.reduce((sum, [, eqe]) => sum + (eqe - mean) ** 2, 0) / rows.length);
    };
    const enough = await scatter(1);
    expect((await scatter(0.1)) / enough).toBeGreaterThan(2.5);
  });

  it('is the same for the same seed, however often the status was read', async () => {
    const [one, two, other] = [
      await openIpce({ seed: 5 }),
      await openIpce({ seed: 5 }),
      await openIpce({ seed: 6 }),
    ];
    for (let i = 0; i < 5; i++) await two.client.data('ROUTINE', 'GetChopperFrequency');
    const rows = await measure(one);
    expect(await measure(two)).toEqual(rows);
    expect(await measure(other)).not.toEqual(rows);
  });
});
