import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/archive/csv.ts';
import type { Applied } from '../../src/archive/applied.ts';
import type { Column, Dataset, Scan } from '../../src/science/dataset.ts';

function scan(label: string, columns: Column[], conditions: Scan['conditions'] = {}): Scan {
  return { label, columns, conditions, reported: {} };
}

function table(scans: Scan[], simulated = false, applied: Applied | null = null): string {
  const dataset: Dataset = { routine: 'JV', info: {}, scans, notes: [] };
  const text = toCsv(dataset, { simulated, applied });
  expect(text.startsWith('\uFEFF')).toBe(true);
  return text.slice(1);
}

const voltage = (values: Column['values']): Column => ({ name: 'Voltage', unit: 'V', values });

/** The fields as a reader of RFC 4180 sees them. */
function fields(text: string): string[][] {
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const rows: string[][] = [[]];
  let at = 0;
  for (const { 0: all, 1: quoted, 2: plain, 3: end, index } of text.matchAll(pattern)) {
    expect(index).toBe(at);
    at += all.length;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') rows.push([]);
  }
  expect(at).toBe(text.length);
  return rows.slice(0, -1);
}

describe('the table for spreadsheets', () => {
  it('shows what was applied on every row, without what the instrument had', () => {
    const applied: Applied = {
      values: {
        laser_percent: { value: 10, unit: '%', source: 'asked' },
        irradiance_mw_cm2: { value: 100, unit: 'mW/cm²', source: 'assumed' },
        hold_v: { value: null, unit: 'V', source: 'default' },
        integration_ms: { value: 20, unit: 'ms', source: 'instrument' },
      },
      switched_on: [],
    };
    expect(fields(table([scan('PL', [voltage([0, 1])])], false, applied))).toEqual([
      ['Scan', 'Applied laser_percent', 'Applied irradiance_mw_cm2', 'Voltage (V)'],
      ['PL', '10', '100', '0'],
      ['PL', '10', '100', '1'],
    ]);
  });

  it('holds all scans, with their conditions and the columns of any of them', () => {
    const scans = [
      scan('Forward', [voltage([0, 1e-7]), { name: 'J', unit: 'mA/cm²', values: [-20.5, null] }], {
        Light: { value: 1, unit: 'sun' },
      }),
      scan('Dark', [voltage([0.1]), { name: 'Index', unit: '', values: [3] }], {
        Light: { value: null, unit: 'sun' },
        Voltage: { value: 2, unit: 'V' },
      }),
    ];
    expect(table(scans)).toBe(
      [
        'Scan,Light (sun),Scan Voltage (V),Voltage (V),J (mA/cm²),Index',
        'Forward,1,,0,-20.5,',
        'Forward,1,,1e-7,,',
        'Dark,,2,0.1,,3',
        '',
      ].join('\r\n'),
    );
  });

  it('says in each row that it is simulated', () => {
    expect(table([scan('Forward', [voltage([0, 1])])], true)).toBe(
      'Simulated,Scan,Voltage (V)\r\nSIMULATED,Forward,0\r\nSIMULATED,Forward,1\r\n',
    );
  });

  it('has a heading where there is no data', () => {
    expect(table([])).toBe('Scan\r\n');
  });

  it.each([
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+1+1', "'+1+1"],
    ['-cmd', "'-cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['-0.5', '-0.5'],
    ['a,b', '"a,b"'],
    ['a\r\nb', '"a\r\nb"'],
  ])('lets a spreadsheet not run or split %j', (label, expected) => {
    expect(table([scan(label, [voltage([-1])])])).toBe(`Scan,Voltage (V)\r\n${expected},-1\r\n`);
    expect(table([scan('a', [{ name: label, unit: '', values: [-1] }])])).toBe(
      `Scan,${expected}\r\na,-1\r\n`,
    );
  });

  it('gives every number back', () => {
    const numbers = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), numbers, (label, values) => {
        const rows = fields(table([scan(label, [voltage(values)])])).slice(1);
        expect(rows.map(([, value]) => (value === '' ? null : Number(value)))).toEqual(
          values.map((value) => (value === null ? null : value + 0)),
        );
        for (const [name = ''] of rows) expect(name.replace(/^'/, '')).toBe(label.replace(/^'/, ''));
      }),
    );
  });
});
