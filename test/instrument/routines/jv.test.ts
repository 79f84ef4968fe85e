import { describe, expect, it } from 'vitest';
import { jv } from '../../../src/instrument/routines/jv.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';

describe('JV data', () => {
  it('is A/cm² under a mA/cm² label: scaled by its jsc, and said (row 37)', () => {
    const { scans, notes, info } = jv.dataset(wireData('jv-data.txt'));
    expect(scans.map(({ label, direction }) => [label, direction])).toEqual([
      ['forward', 'forward'],
      ['reverse', 'reverse'],
    ]);
    expect(headingsOf(scans[0])).toEqual([
      ['Voltage', 'V'],
      ['Current density', 'mA/cm²'],
    ]);
    expect(rowOf(scans[0], 0)).toEqual([-0.10164886713028, expect.closeTo(0.117926585553872, 12)]);
    expect(scans[0]?.reported).toMatchObject({
      jsc: { value: 0.115310649809229, unit: 'mA/cm²' },
      r_series: { unit: 'Ω' },
    });
    expect(notes).toEqual([expect.stringContaining('multiplied by 1000')]);
    expect(info).toMatchObject({ user: 'Cicci Research', areaCm2: 1, temperatureC: 23.8 });
  });

  const scan = (unit: string, data: unknown[], more: object = {}) => ({
    scans: [
      {
        name: 's',
        data_schema: [
          { name: 'Voltage', unit: 'V' },
          { name: 'Current', unit },
        ],
        data,
        ...more,
      },
    ],
  });
  const jsc = (value: number) => ({ parameters: { jsc: { value, unit: 'mA/cm^2' } } });
  const points = (j: number) => [
    [-0.1, j],
    [0.1, j],
  ];

  it('is left alone where it is mA/cm² indeed', () => {
    const { scans, notes } = jv.dataset(scan('mA/cm^2', points(22), jsc(21.9)));
    expect([rowOf(scans[0], 0)[1], notes]).toEqual([22, []]);
  });

  it('is taken as A/cm² where nothing shows it, and that is said', () => {
    for (const data of [
      scan('mA/cm^2', points(0.022)),
      scan('mA/cm^2', points(0.022), jsc(Number.NaN)),
      scan('mA/cm^2', [[0.9, 0.02]], jsc(22)),
    ]) {
      const { scans, notes } = jv.dataset(data);
      expect(rowOf(scans[0], 0)[1]).toBeGreaterThan(19);
      expect(notes).toEqual([expect.stringContaining('A/cm² was taken')]);
    }
  });

  it('is decided once for all scans of a reply', () => {
    const data = {
      scans: [...scan('mA/cm^2', [[0.9, 0.01]]).scans, ...scan('mA/cm^2', points(0.022), jsc(22)).scans],
    };
    const { scans, notes } = jv.dataset(data);
    expect(scans.map((s) => rowOf(s, 0)[1])).toEqual([10, 22]);
    expect(notes).toEqual([expect.stringContaining('multiplied by 1000')]);
  });

  it('reads parameters as an array with a schema, other spellings, and numbers sent as text (rows 12, 36, 38)', () => {
    const { scans, info } = jv.dataset({
      'Area (cm2)': '0.25',
      time: '1904-01-01T00:00:00.000Z',
      scans: [
        {
          name: 'forward',
          columns: ['Voltage (V)', 'Current (A/cm2)'],
          data: [['0.0', '0.02']],
          parameter_schema: [
            { name: 'Voc', unit: 'V' },
            { name: 'R//', unit: 'Ohm' },
            { name: 'Fill Factor', unit: '%' },
          ],
          parameters: ['1.1', 3000, 77],
        },
      ],
    });
    expect(info).toMatchObject({ areaCm2: 0.25, acquiredAt: undefined });
    expect(rowOf(scans[0], 0)).toEqual([0, 20]);
    expect(scans[0]?.reported).toEqual({
      voc: { value: 1.1, unit: 'V' },
      r_shunt: { value: 3000, unit: 'Ω' },
      fill_factor: { value: 77, unit: '%' },
    });
  });

  it('is refused, not guessed, without scans', () => {
    expect(() => jv.dataset({ measurement: [] })).toThrow('scans');
  });
});

describe('JV progress', () => {
  it('is a sentence', () => {
    expect(
      jv.progress({
        voltage: { value: 0.618, unit: 'V' },
        direction: 'Reverse',
        'points done': 118,
        'total points': 142,
        progres_pct: 83,
      }),
    ).toBe('reverse scan, 0.62 V, 118 of 142 points');
    expect(jv.progress(42)).toBeUndefined();
  });
});
