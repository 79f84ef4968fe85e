import { describe, expect, it } from 'vitest';
import { kindOf, toolName } from '../../../src/instrument/command.ts';
import { luminescence } from '../../../src/instrument/routines/luminescence.ts';
import { readAcquired } from '../../../src/instrument/routines/luminescence-spectra.ts';
import { missingCount, rowCount } from '../../../src/science/dataset.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';

const command = (name: string) =>
  luminescence.commands.find((one) => one.name === name) ?? expect.fail(`no ${name}`);
/** What the tool says to a reply. */
const said = (name: string, reply: unknown, args: Record<string, unknown> = {}): string =>
  command(name).summary(command(name).result.parse(reply), args);

describe('Luminescence data', () => {
  it('has a column for each array, NaN as missing (row 11)', () => {
    const dataset = luminescence.dataset(wireData('luminescence-data.txt'));
    expect(dataset.scans).toHaveLength(1);
    expect(headingsOf(dataset.scans[0])).toEqual([
      ['Wavelength', 'nm'],
      ['Dark', 'a.u.'],
      ['Reference', 'a.u.'],
      ['Spectrum', 'a.u.'],
      ['Irradiance', 'µW/cm²'],
      ['Absorbance', ''],
      ['Transmittance', ''],
    ]);
    expect([dataset.scans.map(rowCount), missingCount(dataset)]).toEqual([[5], 4]);
    expect(rowOf(dataset.scans[0], 4).slice(3)).toEqual([
      -4.72, -7.09375724827765e-10, -0.0444840553995501, 1.10785789095536,
    ]);
  });

  it('has no column for an array that is empty: it was not acquired', () => {
    const { scans } = luminescence.dataset(wireData('luminescence-data-no-reference.txt'));
    expect(scans.map(rowCount)).toEqual([3]);
    expect(headingsOf(scans[0]).map(([name]) => name)).toEqual([
      'Wavelength',
      'Dark',
      'Spectrum',
      'Irradiance',
    ]);
  });

  it('has no scan when nothing was acquired, and says where an array has another length', () => {
    const empty = { wavelengths: [], dark: [], spectrum: [] };
    expect(luminescence.dataset(empty)).toMatchObject({ scans: [], notes: [] });
    const { scans, notes } = luminescence.dataset({ wavelengths: [1, 2], spectrum: [5], dark: [1, 1, 1] });
    expect([rowOf(scans[0], 0), rowOf(scans[0], 1)]).toEqual([
      [1, 1, 5],
      [2, 1, null],
    ]);
    expect(notes).toEqual([expect.stringContaining('Dark, Spectrum')]);
    expect(() => luminescence.dataset({ state: 'OK' })).toThrow('wavelengths');
  });
});

describe('AcquireSingle and AcquireDark', () => {
  it('come as three rows (row 30)', () => {
    const { scans } = readAcquired(wireData('luminescence-acquire-single.txt'));
    expect(headingsOf(scans[0])).toEqual([
      ['Wavelength', 'nm'],
      ['Counts', 'a.u.'],
      ['Irradiance', 'µW/cm²'],
    ]);
    expect(scans.map(rowCount)).toEqual([3]);
    expect(rowOf(scans[0], 2)).toEqual([145.8128, 102.1604, 0.34538]);
  });

  it('come as two rows, as one row with its units, or as a mere "stored" (row 30)', () => {
    expect(headingsOf(readAcquired({ spectrum: [[1], [80]] }).scans[0])).toEqual([
      ['Wavelength', 'nm'],
      ['Counts', 'a.u.'],
    ]);
    const one = readAcquired({ spectrum: [80, 81], units: 'counts' });
    expect(headingsOf(one.scans[0])).toEqual([
      ['Pixel', ''],
      ['Counts', 'a.u.'],
    ]);
    expect(one.notes).toEqual([expect.stringContaining('without wavelengths')]);
    expect(headingsOf(readAcquired({ spectrum: [1, 2], units: 'uW/cm2' }).scans[0])[1]).toEqual([
      'Irradiance',
      'µW/cm²',
    ]);
    for (const nothing of [{ stored: true }, {}, undefined, 'ok'])
      expect(readAcquired(nothing).scans).toEqual([]);
    expect(said('AcquireDark', { stored: true })).toBe('Dark stored.');
    expect(
      said('AcquireDark', {
        spectrum: [
          [1, 2],
          [80, 92],
        ],
      }),
    ).toBe('Dark stored. 2 pixels, highest 92 counts.');
    expect(said('AcquireSingle', { stored: true })).toBe('Spectrum acquired.');
  });
});

describe('AutoExposure', () => {
  it('answers integration_time and averages, or integration_time_ms (row 29)', () => {
    expect(said('AutoExposure', { integration_time: 200, averages: 3 })).toContain(
      'Integration time 200 ms, 3 averages.',
    );
    expect(said('AutoExposure', { integration_time_ms: 50 })).toContain('Integration time 50 ms. A dark');
  });
});

describe('SetLaser (row 28)', () => {
  const laser = command('SetLaser');
  const accepts = (args: object): boolean => laser.parameter.safeParse(args).success;

  it('takes a channel and exactly one of intensity and duty cycle, or a switch alone', () => {
    expect(accepts({ channel: 1, intensity: 50 })).toBe(true);
    expect(accepts({ channel: 1, frequency: 1e4, duty_cycle: 50 })).toBe(true);
    expect(accepts({ enabled: true })).toBe(true);
    for (const wrong of [
      {},
      { channel: 1 },
      { intensity: 5 },
      { channel: 1, intensity: 5, duty_cycle: 5 },
      { channel: 1, intensity: 101 },
      { channel: 1, duty_cycle: -1 },
      { channel: 1, enabled: true },
      { channel: 1, intensity: 5, power: 5 },
    ])
      expect(accepts(wrong), JSON.stringify(wrong)).toBe(false);
  });

  it('is off with intensity 0, never with a duty cycle of 0', () => {
    expect(kindOf(laser, { channel: 1, intensity: 0 })).toBe('safety');
    expect(kindOf(laser, { enabled: false })).toBe('safety');
    for (const on of [{ channel: 1, duty_cycle: 0 }, { channel: 1, intensity: 1 }, { enabled: true }])
      expect(kindOf(laser, on)).toBe('actuate');
    expect(laser.summary(undefined, { channel: 2, duty_cycle: 0 })).toContain('ON for all anyone knows');
    // It has to go off while something runs.
    expect(laser.onlyWhenIdle).toBeUndefined();
  });
});

it('has a tool for each documented command', () => {
  expect(luminescence.commands.map(toolName).sort()).toEqual([
    'luminescence_acquire_dark',
    'luminescence_acquire_reference',
    'luminescence_acquire_single',
    'luminescence_auto_exposure',
    'luminescence_set_laser',
  ]);
});

it('knows its settings, in ms (row 43)', () => {
  const [form] = luminescence.settings;
  expect(form?.schema.safeParse({ integration_time: 100, averages: 1, pixel_smoothing: 1 }).success).toBe(
    true,
  );
  expect(form?.schema.safeParse({ integration_time_s: 0.1 }).success).toBe(false);
});
