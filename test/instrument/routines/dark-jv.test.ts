import { describe, expect, it } from 'vitest';
import { darkJv } from '../../../src/instrument/routines/dark-jv.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';
import { told } from './told.ts';

describe('Dark JV data', () => {
  const read = () => darkJv.dataset(wireData('dark-jv-data.txt'));

  it('has two sweeps in V and A', () => {
    const sweeps = read().scans.slice(0, 2);
    for (const sweep of sweeps) {
      expect(headingsOf(sweep)).toEqual([
        ['Voltage', 'V'],
        ['Current', 'A'],
      ]);
    }
    expect(rowOf(sweeps[0], 0)).toEqual([0.5, 1e-4]);
  });

  it('keeps the label and takes the direction from the voltages (rows 44 and 52)', () => {
    const { scans, notes } = read();
    expect(scans.slice(0, 2).map(({ label, direction }) => [label, direction])).toEqual([
      ['forward', 'reverse'],
      ['reverse', 'forward'],
    ]);
    expect(notes).toEqual([
      expect.stringContaining('labelled forward lists falling'),
      expect.stringContaining('labelled reverse lists rising'),
    ]);
  });

  it('has a scan for each spectrum, at its voltage and current', () => {
    const [, , spectrum, ...more] = read().scans;
    expect(more).toEqual([]);
    expect(spectrum).toMatchObject({
      label: 'EL forward -0.100 V',
      conditions: { voltage: { value: -0.1, unit: 'V' }, current: { value: 1e-4, unit: 'A' } },
      reported: { integrated_irradiance: { value: 0.01333607343767, unit: 'W/cm²' } },
    });
    expect(headingsOf(spectrum)).toEqual([
      ['Wavelength', 'nm'],
      ['Spectrum', 'a.u.'],
    ]);
    expect(rowOf(spectrum, 1)).toEqual([336.7949, 77.80354]);
  });

  it('comes without user, device and time (row 38)', () => {
    expect(Object.values(read().info).filter((value) => value !== undefined)).toEqual([]);
  });

  it('calls the raw counts of the documented spectrum uncalibrated, and its irradiance no efficiency', () => {
    const { metrics, warnings } = darkJv.analyse(read(), { areaCm2: 1 });
    expect(metrics.find(({ name }) => name === 'eqe_el')?.value).toBeNull();
    expect(warnings).toContainEqual(expect.stringContaining('1 of 1 spectra stand on a baseline'));
  });

  it('reads columns as text and numbers as text, and spectra that are missing (rows 12 and 35)', () => {
    const measurement = [
      {
        sweep_direction: 'forward',
        columns: ['Voltage (V)', 'Current (A)'],
        data: [
          ['0', '1E-9'],
          [0.1, 'NaN'],
        ],
      },
      { data_schema: [], data: [], spectral_data: null },
    ];
    const { scans, notes } = darkJv.dataset({ measurement });
    expect(scans).toHaveLength(2);
    expect([rowOf(scans[0], 0), rowOf(scans[0], 1)]).toEqual([
      [0, 1e-9],
      [0.1, null],
    ]);
    expect(notes).toEqual([]);
    expect(darkJv.analyse(darkJv.dataset({ measurement: [] }), {})).toEqual({ metrics: [], warnings: [] });
    expect(() => darkJv.dataset({ scans: [] })).toThrow('measurement');
  });
});

describe('Dark JV settings', () => {
  const general = { mode: 'Constant Voltage', sample_rate: 10, autorange: false };
  const settings = (type: string, specific: object, order = 'FW -> RV') => ({
    scan_settings: {
      'V start (V)': -0.1,
      'V end (V)': 0.5,
      'dV (V)': 0.01,
      'Scan rate (V/s)': 0.1,
      'Scan Order': order,
      'Precondition (s)': 1,
      'Turn Hold (s)': -1,
    },
    device: { type, general, specific },
    photodetector: {
      type: 'Spectrometer',
      settings: { integration_time_s: 0.1, averages: 1, smoothing: 1 },
    },
    sweep_settings: [],
  });
  const formsOf = (value: unknown): string[] =>
    darkJv.settings.filter(({ schema }) => schema.safeParse(value).success).map(({ name }) => name);

  it.each([
    ['SMU', { current_compliance: 0.02, voltage_compliance: 6, sense: '4-wire' }],
    ['Keithley24xx', { port: 'GPIB0::24::INSTR', shutter: false, remote_sense: true }],
    ['Keithley26xx', { port: 'KE2600', 'Hi-C Mode': 0, Sense: '4 Wire' }],
  ])('have a form for %s (row 42)', (type, specific) => {
    expect(formsOf(settings(type, specific))).toEqual([type]);
  });

  it('name the scan orders as this routine does (row 41), and take a detector without settings', () => {
    const specific = { current_compliance: 0.02, voltage_compliance: 6, sense: '4-wire' };
    expect(formsOf(settings('SMU', specific, 'Forward then Reverse'))).toEqual([]);
    const plain = { ...settings('SMU', specific, 'RV Only'), photodetector: { type: 'None', settings: {} } };
    expect(formsOf(plain)).toEqual(['SMU']);
  });
});

describe('Dark JV progress', () => {
  it('says nothing where the instrument says nothing', () => {
    expect(darkJv.progress({})).toBeUndefined();
    expect(told(darkJv.progress({ direction: 'Forward', 'points done': 3, 'total points': 122 }))).toBe(
      'forward scan, 3 of 122 points',
    );
  });
});
