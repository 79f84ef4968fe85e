import { describe, expect, it } from 'vitest';
import { toolName } from '../../../src/instrument/command.ts';
import { progressFraction } from '../../../src/instrument/progress.ts';
import { ipce } from '../../../src/instrument/routines/ipce.ts';
import { ipceCommands } from '../../../src/instrument/routines/ipce-commands.ts';
import { missingCount } from '../../../src/science/dataset.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';
import { findRoutine } from '../../helpers/all-in-one.ts';

describe('IPCE data', () => {
  it('has its columns from "Name (unit)" headings, and NaN is missing (rows 11, 35)', () => {
    const data = ipce.dataset(wireData('ipce-data.txt'));
    const [scan] = data.scans;
    expect(headingsOf(scan)).toEqual([
      ['Wavelength', 'nm'],
      ['EQE', '%'],
      ['J_DUT', 'A/cm²'],
      ['J_int', 'A/cm²'],
    ]);
    expect(scan?.columns[0]?.values).toEqual([300, 310, 320, 330]);
    expect(rowOf(scan, 0)).toEqual([300, 5.11127313120292, 9.99914652862212e-11, null]);
    expect(missingCount(data)).toBe(1);
    expect(data).toMatchObject({
      routine: 'IPCE',
      info: { user: 'Cicci Research', device: 'Sample', acquiredAt: '2025-11-20T16:28:47.462Z' },
      scans: [{ label: 'IPCE' }],
      notes: [],
    });
  });

  it('has no temperature where the instrument says 0 (row 16)', () => {
    expect(ipce.dataset(wireData('ipce-data.txt')).info.temperatureC).toBeUndefined();
  });

  it('has an integral in mA/cm² where its numbers cannot be A/cm² (row 40)', () => {
    const columns = ['Wavelength (nm)', 'EQE (%)', 'J_DUT (A/cm2)', 'J_int (A/cm2)'];
    const data = [
      [300, 80, 1e-6, Number.NaN],
      [800, 80, 1e-6, 21.8],
    ];
    const { scans, notes } = ipce.dataset({ scan: { name: 'IPCE', columns, data } });
    expect(scans[0]?.columns[3]?.values).toEqual([null, 0.0218]);
    expect(notes).toEqual([expect.stringContaining('taken as mA/cm²')]);
  });

  it('is read from a data_schema and from several scans as well (row 35)', () => {
    const data_schema = [
      { name: 'Wavelength', unit: 'nm' },
      { value: 'EQE', unit: '%' },
    ];
    const scan = { name: 'a', data_schema, data: [['300', '20']] };
    const { scans } = ipce.dataset({ scans: [scan, { ...scan, name: 'b' }] });
    expect(scans.map((one) => [one.label, rowOf(one, 0)])).toEqual([
      ['a', [300, 20]],
      ['b', [300, 20]],
    ]);
  });

  it('is refused, not guessed, in another form', () => {
    expect(() => ipce.dataset({ measurement: [] })).toThrow('neither scan nor scans');
    expect(() => ipce.dataset({ scan: { columns: [], data: 'none' } })).toThrow('array');
  });

  it('is analysed with the settings in force', () => {
    const data = ipce.dataset(wireData('ipce-data.txt'));
    const settings = {
      acquisition: { 'LED Level': 0.5, 'Chopper Frequency (Hz)': 0, 'Acquisition time (s)': 1 },
    };
    const { metrics, warnings } = ipce.analyse(data, { settings });
    // The documented integral of four points in the ultraviolet, 5.82e-6 A/cm², with another table of AM1.5G.
    expect(metrics.find(({ name }) => name === 'jsc_integrated')).toMatchObject({
      value: expect.closeTo(5.8e-3, 3),
      reported: expect.closeTo(5.82337871103985e-3, 12),
    });
    expect(warnings).toEqual([
      expect.stringContaining('the band edge is not within it'),
      expect.stringContaining('bias light without the chopper'),
    ]);
    expect(ipce.analyse(data, {}).warnings).toHaveLength(1);
  });
});

describe('IPCE settings', () => {
  const measuring = {
    wavelength: { Start: 300, Step: 10, End: 900 },
    acquisition: {
      'Acquisition time (s)': 1,
      Averaging: 1,
      'Delay (s)': 0,
      'Bias Voltage (V)': 0,
      'LED Level': 0,
      'Chopper Frequency (Hz)': 0,
    },
  };
  const formOf = (settings: unknown): string | undefined =>
    ipce.settings.find(({ schema }) => schema.safeParse(settings).success)?.name;

  it('are recognised in the newest form, and with the simulated device of older pages (row 47)', () => {
    const configuration = { Autorange: true, 'Current Range': 3, 'Voltage Range': 0 };
    expect(formOf({ ...measuring, device: { type: 'NI-SMU', configuration } })).toBe('newest');
    expect(formOf({ ...measuring, device: { type: 'Simulate', configuration: { foo: 'bar' } } })).toBe(
      'simulated device',
    );
    expect(formOf({ ...measuring, device: { type: 'Simulate' } })).toBe('simulated device');
    expect(formOf({ wavelength: {} })).toBeUndefined();
  });
});

describe('IPCE progress', () => {
  it('is a sentence and a share under the misspelled key (row 39)', () => {
    const status = wireData('routine-status-ipce-running.txt');
    const progress = (status as { progress: unknown }).progress;
    expect(ipce.progress(progress)).toBe('550 nm, 25 of 61 wavelengths');
    expect(progressFraction(progress)).toBeCloseTo(0.4098, 4);
    expect(ipce.progress(42)).toBeUndefined();
  });
});

describe('IPCE commands', () => {
  const { SetShutter, SetWavelength, StartCalibration, GetChopperFrequency, GetMonochromatorStatus } =
    ipceCommands;

  it('are tools of the routine', () => {
    expect(ipce.commands.map((command) => toolName(command))).toEqual([
      'ipce_set_shutter',
      'ipce_set_wavelength',
      'ipce_start_calibration',
      'ipce_get_chopper_frequency',
      'ipce_get_monochromator_status',
    ]);
    expect(findRoutine('EQE')).toBe(ipce);
  });

  it('wait for an idle instrument where they would end a measurement', () => {
    expect(ipce.commands.filter(({ onlyWhenIdle }) => onlyWhenIdle).map(({ name }) => name)).toEqual([
      'SetShutter',
      'SetWavelength',
      'StartCalibration',
    ]);
  });

  it('read under their own name: the status of the monochromator never moves the shutter (row 24)', () => {
    expect(GetMonochromatorStatus).toMatchObject({
      name: 'GetMonochromatorStatus',
      kind: 'read',
    });
    expect(GetMonochromatorStatus).not.toHaveProperty('prepare');
    expect(GetMonochromatorStatus.parameter.safeParse({ shutter_status: true }).success).toBe(false);
    expect(ipce.commands.filter(({ kind }) => kind === 'read').map(({ name }) => name)).toEqual([
      'GetChopperFrequency',
      'GetMonochromatorStatus',
    ]);
  });

  it('read a filter edge at Infinity as none (row 11)', () => {
    const status = GetMonochromatorStatus.result.parse(wireData('ipce-monochromator.txt'));
    expect(status.config?.fltrwave).toEqual([100, 355, 625, 1115, 1580, null]);
    expect(GetMonochromatorStatus.summary(status, {})).toBe(
      '"Serial Monochromator": at 550.1 nm, shutter "Open", filter 2, grating 1.',
    );
    expect(GetMonochromatorStatus.summary({ connected: false, wavelength: undefined }, {})).toBe(
      'The monochromator is not connected.',
    );
    const other = GetMonochromatorStatus.result.parse({ shutter: false, filter: 'none', wavelength: 'NaN' });
    expect(GetMonochromatorStatus.summary(other, {})).toBe('Monochromator: shutter closed, filter "none".');
  });

  it('take energy out when the shutter closes, and only then', () => {
    expect(SetShutter.takesEnergyOut?.({ shutter_status: false })).toBe(true);
    expect(SetShutter.takesEnergyOut?.({ shutter_status: true })).toBe(false);
    expect(SetShutter.summary(undefined, { shutter_status: true })).toBe('The shutter was told to open.');
  });

  it('have bounds, and say what calibration overwrites', () => {
    expect(SetWavelength.parameter.safeParse({ wavelength: 50 }).success).toBe(false);
    expect(SetWavelength.parameter.safeParse({ wavelength: 550, nm: 1 }).success).toBe(false);
    expect(StartCalibration.parameter.safeParse({}).success).toBe(true);
    expect(StartCalibration.description).toContain('OVERWRITES');
    expect(GetChopperFrequency.summary(GetChopperFrequency.result.parse({ frequency: 13.35 }), {})).toBe(
      'The chopper runs at 13.35 Hz.',
    );
  });
});
