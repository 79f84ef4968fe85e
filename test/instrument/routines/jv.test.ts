import { JV_PATHS } from '../../../src/instrument/routines/jv-paths.ts';
import { documentedSettings } from '../../../src/measurement/arguments/documented.ts';
import { describe, expect, it } from 'vitest';
import { settingRows } from '../../../src/instrument/routines/describe.ts';
import { jv } from '../../../src/instrument/routines/jv.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';
import { told } from './told.ts';

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

  it('takes its direction from the voltages, whatever the label claims (rows 44, 52)', () => {
    const falling = [
      [1.2, -0.01],
      [0, 0.02],
    ];
    const { scans, notes } = jv.dataset({
      scans: [{ name: 'Forward', columns: ['Voltage (V)', 'Current (A/cm2)'], data: falling }],
    });
    expect(scans[0]).toMatchObject({ label: 'Forward', direction: 'reverse' });
    expect(notes).toEqual([expect.stringContaining('labelled forward, but its voltages fall')]);
  });

  it('reads the area with its unit, the file and the time of the oldest replies (rows 36, 38)', () => {
    const { info, scans } = jv.dataset({
      user: 'Ada',
      area: { value: 0.1, unit: 'cm2' },
      time: '2025-10-30T14:51:57.000Z',
      sweep: [],
      scans: [
        {
          name: 'forward',
          file: 'D:\\Arkeo\\x.txt',
          data_schema: [
            { name: 'Voltage', unit: 'V' },
            { name: 'Current', unit: 'mA/cm^2' },
          ],
          data: points(0.022),
          parameter_schema: [
            { name: 'Jsc', unit: 'mA/cm^2' },
            { name: 'Rs', unit: 'Ohm' },
            { name: 'Efficiency', unit: '%' },
          ],
          parameters: [22, 58, Number.NaN],
        },
      ],
    });
    expect(info).toMatchObject({ user: 'Ada', areaCm2: 0.1, acquiredAt: '2025-10-30T14:51:57.000Z' });
    expect(rowOf(scans[0], 0)[1]).toBe(22);
    expect(scans[0]?.reported).toEqual({
      jsc: { value: 22, unit: 'mA/cm²' },
      r_series: { value: 58, unit: 'Ω' },
      efficiency: { value: null, unit: '%' },
    });
  });

  it('may lack columns without being refused', () => {
    const { scans } = jv.dataset({ scans: [{ name: 'x', columns: ['Time (s)'], data: [[1]], ...jsc(22) }] });
    expect(jv.analyse({ routine: 'JV', info: {}, scans, notes: [] }, {}).metrics).toHaveLength(9);
  });

  it('is refused, not guessed, without scans', () => {
    expect(() => jv.dataset({ measurement: [] })).toThrow('scans');
  });
});

describe('the conditions of a JV analysis', () => {
  const data = (conditions: object[] = [{}]) => {
    const curve = Array.from({ length: 71 }, (_, i) => [-0.2 + 0.02 * i, 0.01 * (1 - (-0.2 + 0.02 * i))]);
    return jv.dataset({
      scans: conditions.map((more) => ({
        name: 'forward',
        columns: ['Voltage (V)', 'Current (A/cm2)'],
        data: curve,
        parameters: { r_series: { value: 100, unit: 'Ohm' } },
        ...more,
      })),
    });
  };
  const light = { Source: '12 LED', 'Irradiance (mW/cm2)': 100, 'Level (%)': 50 };
  const efficiencies = (of: ReturnType<typeof data>, settings: Record<string, unknown>): (number | null)[] =>
    jv
      .analyse(of, { settings })
      .metrics.filter(({ name }) => name === 'efficiency')
      .map(({ value }) => value && Number(value.toFixed(6)));

  it('are irradiance times level; 2.5 mW/cm² of a straight line', () => {
    expect(efficiencies(data(), { light })).toEqual([5]);
    expect(efficiencies(data(), { light: { ...light, 'Level (%)': undefined } })).toEqual([2.5]);
    expect(efficiencies(data(), { light: { ...light, Source: 'None' } })).toEqual([null]);
    expect(efficiencies(data(), {})).toEqual([null]);
  });

  it('are the level of each scan of a sweep, where its rows can be read, and otherwise unknown', () => {
    const indices = [
      [0, 0],
      [1, 0],
      [1, 1],
    ].map((sweep_indices) => ({ sweep_indices }));
    const sweep = { Type: 'Light', Enable: true, Start: 25, End: 100, Step: 75 };
    const rate = { Type: 'Scan Rate', Enable: true, Start: 0.1, End: 0.2, Step: 0.1 };
    const swept = (...sweep_settings: unknown[]): (number | null)[] =>
      efficiencies(data(indices), { light, sweep_settings });
    expect(swept(sweep, rate)).toEqual([10, 2.5, 2.5]);
    expect(swept(rate, sweep)).toEqual([10, 10, 2.5]);
    expect(swept({ ...sweep, Start: 100, End: 25 }, rate)).toEqual([2.5, 10, 10]);
    expect(swept({ ...sweep, Enable: false }, rate, rate)).toEqual([5, 5, 5]);
    expect(swept(sweep)).toEqual([null, null, null]);
    expect(swept({ form: 'unknown' })).toEqual([null, null, null]);
    expect(swept()).toEqual([null, null, null]);
    // The oldest software does not say which combination a scan is of.
    expect(efficiencies(data(), { light, sweep_settings: [sweep] })).toEqual([null]);
  });

  it('take the area from the settings where the data has none', () => {
    const { metrics } = jv.analyse(data(), { settings: { device: { 'Area (cm2)': 0.1 } } });
    expect(metrics.find(({ name }) => name === 'r_series')?.reported).toBeCloseTo(10, 9);
  });
});

it('knows no setting that only the old description table lists (row 48)', () => {
  const keys = jv.settings.flatMap(({ schema }) =>
    settingRows(schema).map(({ path }) => path.at(-1)?.toLowerCase()),
  );
  expect(keys.length).toBeGreaterThan(10);
  for (const absent of ['delay', 'direction', 'mode', 'pixel_count']) expect(keys).not.toContain(absent);
});

describe('JV progress', () => {
  it('is data, with densities in true units', () => {
    expect(
      jv.progress({
        voltage: { value: -0.16, unit: 'V' },
        current: { value: -1e-4, unit: 'A/cm\u00c2\u00b2' },
        direction: 'Forward',
        'points done': 3,
        'total points': 142,
        progres_pct: 2.12,
        sweep_index: 0,
        total_scans: 5,
      }),
    ).toEqual({
      at: [
        { name: 'Voltage', value: -0.16, unit: 'V' },
        { name: 'Current density', value: expect.closeTo(-0.1, 9), unit: 'mA/cm²' },
      ],
      scan: 'forward',
      run: { number: 1, total: 5 },
      done: 3,
      total: 142,
      counted: 'points',
      averaged: undefined,
      fraction: expect.closeTo(0.0212, 9),
    });
  });

  it('is a sentence', () => {
    expect(
      told(
        jv.progress({
          voltage: { value: 0.618, unit: 'V' },
          direction: 'Reverse',
          'points done': 118,
          'total points': 142,
          progres_pct: 83,
        }),
      ),
    ).toBe('reverse scan, 0.62 V, 118 of 142 points');
    expect(jv.progress(42)).toBeUndefined();
  });
});

it.each(Object.entries(JV_PATHS))('the path of %s is one of the documented settings', (_, path) => {
  expect(documentedSettings(jv)(path)).toBe(true);
});
