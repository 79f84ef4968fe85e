import { describe, expect, it } from 'vitest';
import { mppt } from '../../../src/instrument/routines/mppt.ts';
import { plqy } from '../../../src/instrument/routines/plqy.ts';
import { pulsedEl } from '../../../src/instrument/routines/pulsed-el.ts';
import { headingsOf } from './fixture.ts';

const settings = { anything: { light: { Source: 'LED', 'Irradiance (mW/cm2)': 100, 'Level (%)': 50 } } };

describe('MPPT data, of which no form is documented', () => {
  it.each([
    [
      'names and units',
      {
        data_schema: [
          { name: 'Time', unit: 'h' },
          { name: 'Voltage', unit: 'V' },
          { name: 'Current Density', unit: 'mA/cm2' },
          { name: 'Power', unit: 'mW/cm^2' },
        ],
        data: [
          [0, 0.9, 20, 18],
          [1, 0.9, 20, 18],
        ],
      },
    ],
    [
      'headings of the files',
      {
        tracking: {
          columns: ['Time (h)', 'Vmpp (V)', 'J (mA/cm²)', 'P (mW/cmÂ²)'],
          data: [
            [0, 0.9, 20, 18],
            [1, 0.9, 20, 18],
          ],
        },
      },
    ],
  ])('is recognised by %s', (_, reply) => {
    const dataset = mppt.dataset(reply);
    expect(headingsOf(dataset.scans[0])).toEqual([
      ['Time', 'h'],
      ['Voltage', 'V'],
      ['Current density', 'mA/cm²'],
      ['Power', 'mW/cm²'],
    ]);
    expect(dataset.notes).toEqual([expect.stringContaining('not documented')]);
    const { metrics } = mppt.analyse(dataset, { settings });
    expect(metrics.slice(0, 2)).toMatchObject([
      { name: 'stabilised_power', value: 18 },
      { name: 'stabilised_efficiency', value: 36 },
    ]);
  });

  it('has no efficiency where the light is not known', () => {
    const dataset = mppt.dataset({ columns: ['Time (s)', 'Power (mW/cm2)'], data: [[0, 18]] });
    expect(mppt.analyse(dataset, { settings: {} }).metrics[1]).toMatchObject({
      name: 'stabilised_efficiency',
      value: null,
    });
    expect(mppt.analyse(dataset, { settings: { light: { Source: 'None' } } }).warnings).toContainEqual(
      expect.stringContaining('in the dark'),
    );
  });
});

describe('routines without documented data', () => {
  it.each([mppt, plqy, pulsedEl])('$name passes on what it can read, and never refuses', (routine) => {
    expect(routine.settings).toEqual([]);
    for (const reply of [null, {}, { x: 1 }, [[1]], 'text']) {
      const dataset = routine.dataset(reply);
      expect(dataset).toMatchObject({ routine: routine.name, scans: [] });
      expect(routine.analyse(dataset, {}).metrics).toEqual([]);
    }
    const table = routine.dataset({
      deep: { columns: ['Wavelength (nm)', 'EL (counts)'], data: [[777, 100]] },
    });
    expect(headingsOf(table.scans[0])).toEqual([
      ['Wavelength', 'nm'],
      ['EL', 'counts'],
    ]);
  });
});
