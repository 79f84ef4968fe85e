import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OPEN_PIXEL } from '../../src/simulator/physics/sample.ts';
import { closeRelay, openRoutine, type Setup, setUp, statusOf, succeeded } from './helpers.ts';
import { openOldest } from './oldest.ts';

const quantity = z.strictObject({ value: z.number(), unit: z.string() });
const dataForm = z.strictObject({
  measurement: z.array(
    z.strictObject({
      sweep_direction: z.enum(['forward', 'reverse']),
      data_schema: z.array(z.strictObject({ name: z.string(), unit: z.string() })),
      data: z.array(z.tuple([z.number(), z.number()])),
      spectral_data: z.union([
        z.strictObject({
          wavelengths_nm: z.array(z.number()),
          spectra: z.array(
            z.strictObject({
              data_point: z.strictObject({ voltage: quantity, current: quantity }),
              spectrum: z.array(z.number()),
              integrated_irradiance: quantity,
            }),
          ),
        }),
        z.strictObject({}),
      ]),
    }),
  ),
});
type Members = Record<string, unknown>;

async function open(): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'Dark JV');
  return setup;
}

async function measure({ client, clock }: Setup, settings: Members = {}) {
  await client.data('ROUTINE', 'ApplySettings', settings);
  await client.data('ROUTINE', 'StartMeasurement');
  clock.pass(400);
  return dataForm.parse(await client.data('ROUTINE', 'GetTestData')).measurement;
}

const scan = (values: Members): Members => ({ scan_settings: values });
const NO_DETECTOR = { photodetector: { type: 'None' } };
const UP = { ...NO_DETECTOR, ...scan({ 'V end (V)': 1.2, 'Scan Order': 'FW Only' }) };

/** A, of the row nearest to a voltage. */
function at(rows: readonly (readonly [number, number])[], volts: number): number {
  const [nearest] = rows.toSorted((a, b) => Math.abs(a[0] - volts) - Math.abs(b[0] - volts));
  return nearest?.[1] ?? expect.fail('no rows');
}

describe('the reference cell in the dark', () => {
  it('has the known currents, negative as it does not generate', async () => {
    const [forward] = await measure(await open(), UP);
    const rows = forward?.data ?? [];
    // µA/cm² and mA/cm² of the model times 0.1 cm²; set voltages are up to 2 mV off, which is 5 % of a current at 1.0 V.
    expect(Math.abs(at(rows, -0.1) / 2e-7 - 1)).toBeLessThan(0.1);
    expect(Math.abs(at(rows, 0.6) / -1.2e-6 - 1)).toBeLessThan(0.05);
    expect(Math.abs(at(rows, 1) / -1.4e-4 - 1)).toBeLessThan(0.1);
    expect(Math.abs(at(rows, 1.2) / -2.4e-3 - 1)).toBeLessThan(0.05);
  });

  it('gives photocurrent when the LED board is lit', async () => {
    const setup = await open();
    const values = Array.from({ length: 12 }, (_, i) => (i === 4 ? 0.5 : 0));
    await setup.client.data('LED', 'SetValues', { address: 1, values });
    const [forward] = await measure(setup, UP);
    // Deep Blue at its level in the sun-like mix: 11 % of 22 mA/cm² on 0.1 cm², less what ions and shunt take.
    expect(at(forward?.data ?? [], 0)).toBeGreaterThan(1.7e-4);
    expect(at(forward?.data ?? [], 0)).toBeLessThan(2.5e-4);
  });

  it('has a noise floor of one digit of the range, which autorange lowers to 1 nA', async () => {
    const spread = async (autorange: boolean): Promise<number> => {
      const setup = await open();
      await closeRelay(setup, OPEN_PIXEL);
      const [forward] = await measure(setup, { ...UP, device: { general: { autorange } } });
      return Math.max(...(forward?.data ?? []).map(([, i]) => Math.abs(i)));
    };
    // The range is 0.1 A for a compliance of 20 mA: digits of 10 nA.
    const [coarse, fine] = [await spread(false), await spread(true)];
    expect(coarse).toBeGreaterThan(5e-9);
    expect(coarse).toBeLessThanOrEqual(1e-8);
    expect(fine).toBeGreaterThan(5e-10);
    expect(fine).toBeLessThanOrEqual(1e-9);
  });

  it('is cut off by the compliance', async () => {
    const device = { specific: { current_compliance: 1e-3 } };
    const [forward] = await measure(await open(), { ...UP, device });
    const top = (forward?.data ?? []).slice(-3).map(([, i]) => i);
    expect(top).toEqual([-1e-3, -1e-3, -1e-3]);
  });
});

describe('the scans', () => {
  it.each([
    ['FW -> RV', ['forward', 'reverse']],
    ['RV -> FW', ['reverse', 'forward']],
    ['FW Only', ['forward']],
    ['RV Only', ['reverse']],
  ])('go %s', async (order, names) => {
    const scans = await measure(await open(), { ...NO_DETECTOR, ...scan({ 'Scan Order': order }) });
    expect(scans.map(({ sweep_direction }) => sweep_direction)).toEqual(names);
    for (const { data, sweep_direction, spectral_data, data_schema } of scans) {
      expect(data).toHaveLength(61);
      expect((data.at(-1)?.[0] ?? 0) > (data[0]?.[0] ?? 0)).toBe(sweep_direction === 'forward');
      expect(spectral_data).toEqual({});
      expect(data_schema).toEqual([
        { name: 'Voltage', unit: 'V' },
        { name: 'Current', unit: 'A' },
      ]);
    }
  });

  it('take precondition, points and turn, and say nothing of their progress', async () => {
    const setup = await open();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'ApplySettings', { ...NO_DETECTOR, ...scan({ 'Turn Hold (s)': 2 }) });
    await client.data('ROUTINE', 'StartMeasurement');
    // 0.3 s to start, 1 s, 61 points of 0.1 s, 2 s, 61 points.
    clock.pass(0.3 + 1 + 6.1 + 2 + 6.1 - 0.05);
    expect(await statusOf(client)).toMatchObject({ routine_status: 'Running', progress: {} });
    clock.pass(0.1);
    expect(await statusOf(client)).toMatchObject({ routine_status: 'Ready' });
  });

  it('are empty before, and keep what was measured when they are stopped', async () => {
    const { client, clock } = await open();
    expect(await client.data('ROUTINE', 'GetTestData')).toEqual({ measurement: [] });
    await client.data('ROUTINE', 'ApplySettings', NO_DETECTOR);
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 1 + 1.03);
    await client.data('ROUTINE', 'StopMeasurement');
    clock.pass(60);
    const { measurement } = dataForm.parse(await client.data('ROUTINE', 'GetTestData'));
    expect(measurement.map(({ data }) => data.length)).toEqual([11]);
  });
});

describe('the spectrometer', () => {
  const glow = scan({ 'V start (V)': 1.1, 'V end (V)': 1.2, 'dV (V)': 0.05, 'Scan Order': 'FW Only' });
  const spectraOf = (data: Awaited<ReturnType<typeof measure>>) => {
    const spectral = data[0]?.spectral_data;
    return spectral !== undefined && 'spectra' in spectral ? spectral : expect.fail('no spectra');
  };

  it('sees the cell glow at 777 nm, dark-subtracted, with EQE_EL of 3e-4 at 22 mA/cm²', async () => {
    const { wavelengths_nm: nm, spectra } = spectraOf(await measure(await open(), glow));
    expect([nm.length, nm[0], nm.at(-1)]).toEqual([1280, 336.2, expect.closeTo(1099.763, 3)]);
    expect(spectra).toHaveLength(3);
    const last = spectra.at(-1);
    const top = nm[last?.spectrum.indexOf(Math.max(...last.spectrum)) ?? -1] ?? 0;
    // The top of some 3000 counts is flat over 10 nm within the noise.
    expect(Math.abs(top - 777)).toBeLessThan(8);
    // EQE·J/q photons of 1.59 eV: 24 mA/cm² · 3.13e-4 · 1.59 V = 12 µW/cm²; voltage and spectral noise: 5 %.
    const { value, unit } = last?.integrated_irradiance ?? expect.fail('no irradiance');
    expect(unit).toBe('W/cm^2');
    const density = Math.abs(last?.data_point.current.value ?? 0) / 0.1;
    expect(Math.abs(value / (3e-4 * Math.sqrt(density / 22e-3) * density * 1.593) - 1)).toBeLessThan(0.05);
    expect(Math.abs(last?.spectrum[0] ?? 100)).toBeLessThan(40);
  });

  it('covers several voltages with one spectrum when it is slow', async () => {
    const slow = { photodetector: { settings: { integration_time_s: 0.5, averages: 2 } } };
    const { spectra } = spectraOf(
      await measure(await open(), { ...scan({ 'Scan Order': 'FW Only' }), ...slow }),
    );
    // 61 points of 0.1 s, 1 s a spectrum.
    const tenths = spectra.map(({ data_point: { voltage } }) => Math.round(10 * voltage.value) + 0);
    expect(tenths).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('sends raw counts in the oldest dialect, whose scan called forward lists falling voltages', async () => {
    const { ask, clock } = await openOldest('Dark JV');
    await ask('ROUTINE', 'ApplySettings', scan({ 'Scan Order': 'FW Only' }));
    await ask('ROUTINE', 'StartMeasurement');
    clock.pass(60);
    const { measurement } = dataForm.parse(await ask('ROUTINE', 'GetTestData'));
    expect(measurement.map(({ sweep_direction }) => sweep_direction)).toEqual(['forward']);
    expect(measurement[0]?.data[0]?.[0]).toBeCloseTo(0.5, 2);
    const { spectra } = spectraOf(measurement);
    expect(spectra[0]?.data_point.voltage.value).toBeCloseTo(-0.1, 2);
    expect(spectra[0]?.spectrum[0]).toBeGreaterThan(60);
  });
});

describe('the settings', () => {
  it.each([
    ['Keithley24xx', { port: 'GPIB0::24::INSTR', shutter: false, remote_sense: true }],
    ['Keithley26xx', { port: 'KE2600', 'Hi-C Mode': 0, Sense: '4 Wire' }],
  ])('bring the fields of %s when it is chosen', async (type, specific) => {
    const setup = await open();
    const { client } = setup;
    await client.data('ROUTINE', 'ApplySettings', { device: { type } });
    const settings = await client.data('ROUTINE', 'GetSettings');
    expect(settings).toMatchObject({ device: { type, specific } });
    succeeded(await client.ask('ROUTINE', 'ApplySettings', { parameter: settings }));
    const [forward] = await measure(setup, NO_DETECTOR);
    expect(forward?.data).toHaveLength(61);
    await client.data('ROUTINE', 'ApplySettings', { device: { type: 'SMU' } });
    expect(await client.data('ROUTINE', 'GetSettings')).toMatchObject({
      device: { type: 'SMU', specific: { current_compliance: 0.02 } },
      photodetector: { type: 'None', settings: {} },
    });
  });

  it.each([
    { device: { type: 'Keithley24xx', specific: { current_compliance: 0.1 } } },
    { device: { type: 'Keithley' } },
    { photodetector: { type: 'None', settings: { averages: 2 } } },
    scan({ 'V end (V)': -1 }),
    scan({ 'dV (V)': 1e-6 }),
    scan({ 'Scan Order': 'Forward Only' }),
    { sweep_settings: [{}] },
  ])('are refused when they are wrong: %j', async (settings) => {
    const { client } = await open();
    const before = await client.data('ROUTINE', 'GetSettings');
    expect((await client.refusal('ROUTINE', 'ApplySettings', settings)).code).toBe(101);
    expect(await client.data('ROUTINE', 'GetSettings')).toEqual(before);
  });
});
