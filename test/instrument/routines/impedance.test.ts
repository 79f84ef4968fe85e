import { describe, expect, it } from 'vitest';
import { impedance } from '../../../src/instrument/routines/impedance.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';
import { told } from './told.ts';

const COLUMNS = [
  ['Frequency', 'Hz'],
  ['Re Z', 'Ω'],
  ['Im Z', 'Ω'],
  ['|Z|', 'Ω'],
  ['Phase', '°'],
  ['Capacitance', 'F'],
];

describe('impedance data', () => {
  it.each([
    ['impedance-data-strings.txt', 'numbers and Inf as text (row 12)', 72.8],
    ['impedance-data-infinity.txt', 'bare Infinity (row 11)', 123.822655],
  ])('%s: %s', (file, _, frequency) => {
    const { scans, info } = impedance.dataset(wireData(file));
    expect(scans).toHaveLength(1);
    expect(headingsOf(scans[0])).toEqual(COLUMNS);
    expect(scans[0]?.columns[0]?.values).toHaveLength(3);
    expect(rowOf(scans[0], 0)).toEqual([frequency, 0, 0, 0, 0, null]);
    expect(scans[0]?.columns.at(-1)?.values).toEqual([null, null, null]);
    // 0 °C is no controller.
    expect(info.temperatureC).toBeUndefined();
  });

  it('has capacitances in F under a label of coulomb, and says so (row 40)', () => {
    const { scans, notes } = impedance.dataset(wireData('impedance-data-infinity.txt'));
    expect(scans[0]?.columns.at(-1)).toMatchObject({ name: 'Capacitance', unit: 'F' });
    expect(notes).toEqual([
      expect.stringContaining('they are in F'),
      expect.stringContaining('3 capacitances are infinite'),
    ]);
  });

  it('is a scan per iteration, with light and offset as conditions', () => {
    const { scans, notes } = impedance.dataset({
      output_values: { light: { unit: 'a.u.', values: [0.1, 1] }, offset: { unit: 'V', values: [0, '0.9'] } },
      data_columns: ['Frequency (Hz)', 'Impedance_Re (Ohm)', 'Impedance_Im (Ohm)', 'Capacitance (F)'],
      scans: [
        { iteration: { light: 1, offset: 1, frequency: 0 }, data: [['100', '50.0', '-3.0', '0.00']] },
        { iteration: { light: 7, offset: 0, frequency: 0 }, data: [] },
      ],
    });
    expect(scans.map(({ label, conditions }) => [label, conditions])).toEqual([
      ['light:1 offset:1', { light: { value: 1, unit: 'a.u.' }, offset: { value: 0.9, unit: 'V' } }],
      ['light:7 offset:0', { light: { value: null, unit: 'a.u.' }, offset: { value: 0, unit: 'V' } }],
    ]);
    expect(rowOf(scans[0], 0)).toEqual([100, 50, -3, 0]);
    expect(notes).toEqual([expect.stringContaining('were sent as 0.00 F')]);
  });

  it('without headings or points gives no figures, and no error', () => {
    for (const data of [{ scans: [] }, { scans: [{ data: [] }] }, { scans: [{ data: [[1, 2, 3]] }] }]) {
      const { metrics } = impedance.analyse(impedance.dataset(data), {});
      expect(metrics.filter(({ value }) => value !== null)).toEqual([]);
    }
    expect(() => impedance.dataset({})).toThrow('scans');
  });
});

const NEW = {
  instrument: 'SMU',
  config: {
    frequency: {
      mode: 'Ramp',
      ramp: { 'Start (Hz)': 200, 'Stop (Hz)': 10_000, Steps: 10 },
      'Amplitude (V)': 0.1,
      'Offset (V)': 0,
      Periods: 2,
    },
    offset: { mode: 'Fixed', 'Offset (V)': 0 },
    light: { mode: 'Off' },
  },
};
const OLD = {
  Freq: {
    FreqType: 'Ramp',
    Frequency: { Start: 100, Stop: 10_000, Steps: 10 },
    Amplitude: 0.1,
    Offset: 0,
    Periods: 2,
  },
  Offset: { Type: 'Fixed', Start: 0, Stop: 0, Steps: 1 },
  Light: { LightType: 'Off', 'LED Type': 'Fast LED', Start: 0, Stop: 1, Steps: 1 },
  LED: { 'LED Level': 1 },
};

describe('impedance settings', () => {
  it.each([
    ['newest', NEW, 0],
    ['older', OLD, 1],
  ])('of the %s form are recognised by their keys (row 46)', (_, settings, form) => {
    const matching = impedance.settings.map(({ schema }) => schema.safeParse(settings).success);
    expect(matching.indexOf(true)).toBe(form);
    expect(matching.filter(Boolean)).toHaveLength(1);
  });

  it.each([
    ['newest', NEW],
    ['older', OLD],
  ])('of the %s form tell amplitude, periods and source to the analysis', (_, settings) => {
    const data = {
      data_columns: ['Frequency (Hz)', 'Impedance_Re (Ohm)', 'Impedance_Im (Ohm)'],
      scans: [{ data: [100, 1000, 10_000, 20_000].map((f) => [f, 10, -1]) }],
    };
    expect(impedance.analyse(impedance.dataset(data), { settings }).warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining('100 mV is 3.9 kT/q'),
        expect.stringContaining('2 periods'),
        expect.stringContaining('above 10 kHz'),
      ]),
    );
  });
});

describe('impedance progress', () => {
  it('is a sentence', () => {
    expect(
      told(impedance.progress({ frequency: 308.9, 'points done': 4, 'total points': 10, progres_pct: 40 })),
    ).toBe('309 Hz, 4 of 10 points');
    expect(impedance.progress(40)).toBeUndefined();
    expect(impedance.progress(null)).toBeUndefined();
  });
});
