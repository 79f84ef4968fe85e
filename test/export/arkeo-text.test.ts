import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toArkeoText } from '../../src/export/arkeo-text.ts';
import type { Metric } from '../../src/science/metrics/metric.ts';
import { readArkeoText } from './read-arkeo-text.ts';
import { datasetOf, recordOf, scanOf } from './sources.ts';

const read = (...args: Parameters<typeof toArkeoText>) => readArkeoText(Buffer.from(toArkeoText(...args)));
const metric = (name: string, value: number | null, unit: string, scan?: string): Metric => ({
  name,
  value,
  unit,
  scan,
  method: 'm',
  version: 1,
});
const reverse = scanOf(
  'reverse',
  [
    ['Voltage', 'V', 1.1, 0.5, 0],
    ['Current density', 'mA/cm²', -0.5, 20.1, 21.5],
  ],
  { direction: 'reverse' },
);
const forward = scanOf(
  'forward',
  [
    ['Voltage', 'V', -0.0779, 1],
    ['Current density', 'mA/cm²', 1.26, null],
  ],
  { direction: 'forward' },
);

describe('the text format', () => {
  it('is that of the instrument', () => {
    const record = recordOf('JV', {
      note: 'after light soaking',
      metrics: [metric('efficiency', 18.3, '%', 'forward'), metric('voc', 1.08, 'V', 'forward')],
    });
    const text = toArkeoText(record, datasetOf('JV', [reverse, forward]));
    expect(text.replace(/arkeo-mcp \d+\.\d+\.\d+\S*,/, 'arkeo-mcp X,').split('\r\n')).toEqual([
      '## Header ##',
      '[General info]',
      'User\tLab',
      'Device\tB12-P3',
      'Cell area (cm2)\t0.1',
      'Test\tJV',
      'Date\t2026-05-04',
      'Time\t12:45:46',
      'Note\tafter light soaking',
      'Time zone\tUTC',
      'Exported by\tarkeo-mcp X, which also computed the parameters',
      'Measurement\tm1, complete',
      '[JV Settings]',
      'Start (V)\t-0.2',
      '[Scans]',
      'FW\tforward',
      'RV\treverse',
      '## Parameters ##',
      '[Forward]',
      'Voc (V)\t1.08E+0',
      'Eff (%)\t1.83E+1',
      '## Data ##',
      'V_FW (V)\tJ_FW (A/cm²)\tV_RV (V)\tJ_RV (A/cm²)',
      '-7.79E-2\t1.26E-3\t1.1E+0\t-5E-4',
      '1E+0\tNaN\t5E-1\t2.01E-2',
      '\t\t0E+0\t2.15E-2',
      '',
    ]);
  });

  it('leaves a direction out that was not run, and numbers what is beyond the first pair', () => {
    expect(read(recordOf('JV'), datasetOf('JV', [reverse])).columns.map(({ name }) => name)).toEqual([
      'V_RV',
      'J_RV',
    ]);
    const bright = {
      ...forward,
      label: 'bright',
      conditions: { light: { value: 1, unit: 'sun' } },
    };
    const { columns, header } = read(recordOf('JV'), datasetOf('JV', [forward, bright, reverse]));
    expect(columns.map(({ name }) => name)).toEqual(['V_FW', 'J_FW', 'V_RV', 'J_RV', 'V_FW_2', 'J_FW_2']);
    expect(header['Scans']).toEqual({ FW: 'forward', RV: 'reverse', FW_2: 'bright, light 1 sun' });
  });

  it('has the figures of each scan where labels repeat, and hysteresis apart', () => {
    const record = recordOf('JV', {
      metrics: [
        metric('jsc', 21, 'mA/cm²', 'forward, light 1'),
        metric('jsc', 10, 'mA/cm²', 'forward, light 2'),
        metric('r_shunt', null, 'Ω·cm²', 'forward, light 2'),
        metric('hysteresis_index', 3, '%'),
      ],
    });
    const scans = [1, 2].map((value) => ({ ...forward, conditions: { light: { value, unit: '' } } }));
    expect(read(record, datasetOf('JV', scans)).parameters).toEqual({
      Forward: { 'Jsc (A/cm²)': '2.1E-2' },
      'Forward 2': { 'Jsc (A/cm²)': '1E-2', 'R// (Ω·cm²)': 'NaN' },
      General: { 'hysteresis_index (%)': '3E+0' },
    });
  });

  it('has the current of Dark JV in A, and its spectra under their labels', () => {
    const dark = scanOf(
      'forward',
      [
        ['Voltage', 'V', 0, 1],
        ['Current', 'A', 1e-9, 1e-3],
      ],
      { direction: 'forward' },
    );
    const spectrum = scanOf('EL forward 1.000 V', [
      ['Wavelength', 'nm', 700],
      ['Spectrum', 'a.u.', 88],
    ]);
    const text = toArkeoText(recordOf('Dark JV'), datasetOf('Dark JV', [spectrum, dark]));
    expect(text).toContain(
      'V_FW (V)\tJ_FW (A)\tWavelength [EL forward 1.000 V] (nm)\tSpectrum [EL forward 1.000 V] (a.u.)\r\n',
    );
  });

  it('of any other routine is a table of its columns with units', () => {
    const scan = scanOf('spectrum', [
      ['Wavelength', 'nm', 300, 310],
      ['EQE', '%', 19.3, 22.3],
      ['J_int', 'mA/cm²', null, 0.1],
      ['Transmittance', '', 1, 2],
    ]);
    const { columns } = read(recordOf('IPCE'), datasetOf('IPCE', [scan]));
    expect(columns).toEqual([
      { name: 'Wavelength', unit: 'nm', values: [300, 310] },
      { name: 'EQE', unit: '%', values: [19.3, 22.3] },
      { name: 'J_int', unit: 'A/cm²', values: [null, 1e-4] },
      { name: 'Transmittance', unit: '', values: [1, 2] },
    ]);
  });

  it('says that data is simulated where every reader looks', () => {
    const record = recordOf('JV', { simulated: true, simulator: 'arkeo-mcp 0.1.0', note: 'mine' });
    const info = read(record, datasetOf('JV', [forward])).header['General info'];
    expect(info?.['Note']).toBe('SIMULATED by arkeo-mcp 0.1.0, not measured on an instrument. mine');
    expect(info?.['Simulated']).toMatch(/^SIMULATED/);
  });

  it('cannot be broken by what people type, and loses no value', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '__proto__',
        'constructor',
        'a\tb',
        'x\r\n## Data ##\r\nV (V)\r\n1',
        '[JV Settings]',
        '# #',
        '## Header ##',
        'n (V)',
        '',
      ),
    );
    const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }));
    const values = fc.array(value, { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.record({ user: typed, device: typed, note: typed, key: typed, label: typed, column: typed }),
        fc.array(values, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('JV', 'Impedance'),
        (text, scans, routine) => {
          const dataset = datasetOf(
            routine,
            scans.map((column, i) =>
              scanOf(i === 0 ? text.label : 'other', [
                ['Voltage', 'V', ...column],
                ['Current density', 'mA/cm²', ...column],
                [text.column, 'Ω', ...column],
              ]),
            ),
          );
          const record = recordOf(routine, {
            user_name: text.user,
            device_name: text.device,
            note: text.note,
            settings: { [text.key]: text.note, deeper: { [text.key]: 1 } },
            metrics: [metric(text.key, 1, 'V', text.label)],
          });
          const file = read(record, dataset);
          expect(Object.keys(file.header['General info'] ?? {}).slice(0, 7)).toEqual([
            'User',
            'Device',
            'Cell area (cm2)',
            'Test',
            'Date',
            'Time',
            'Note',
          ]);
          expect(file.header['General info']?.['Test']).toBe(routine);
          expect(file.columns).toHaveLength(3 * scans.length);
          expect(file.columns.map(({ unit }) => unit)).toEqual(scans.flatMap(() => ['V', 'A/cm²', 'Ω']));
          const back = file.columns.filter(({ unit }) => unit === 'V').map((column) => column.values);
          const currents = file.columns.filter(({ unit }) => unit === 'A/cm²').map((column) => column.values);
          // Pairs stand side by side: the order of the scans may be another.
          const sorted = (all: (number | null)[][]) =>
            all
              .map((column) => column.map((one) => (one === null ? 'NaN' : one.toPrecision(9))).join(' '))
              .sort();
          const normal = (column: (number | null)[], by: number) =>
            column.map((one) => (one === null ? null : Number((one * by).toPrecision(12)) + 0));
          expect(sorted(back)).toEqual(sorted(scans.map((column) => normal(column, 1))));
          expect(sorted(currents)).toEqual(sorted(scans.map((column) => normal(column, 1e-3))));
        },
      ),
      { numRuns: 300 },
    );
  });
});
