import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genericDataset } from '../../../src/instrument/routines/generic-dataset.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';

const VOLTS_AND_AMPERES = [
  ['Voltage', 'V'],
  ['Current', 'A'],
];
const data = [
  [0.1, 0.02],
  [0.2, 0.01],
];
const byName = [
  { name: 'Voltage', unit: 'V' },
  { name: 'Current', unit: 'A' },
];
const byValue = [
  { value: 'Voltage', unit: 'V' },
  { value: 'Current', unit: 'A' },
];
const byText = ['Voltage (V)', 'Current (A)'];

describe('data of an unknown form', () => {
  it.each([
    ['data_schema with name', { data_schema: byName, data }],
    ['data_schema with value', { data_schema: byValue, data }],
    ['data_scheme', { data_scheme: byName, data }],
    ['columns', { columns: byText, data }],
    ['data_columns', { data_columns: byName, data }],
    ['schema', { schema: byName, data }],
    ['processed_schema', { processed_schema: byValue, processed_data: data }],
    ['processed_scheme', { processed_scheme: byValue, processed_data: data }],
  ])('is read by its columns: %s (row 35)', (_, reply) => {
    for (const wrapped of [
      reply,
      { scans: [reply] },
      { scan: reply },
      { result: { deep: [{ x: reply }] } },
    ]) {
      const { scans, notes } = genericDataset('X', wrapped);
      expect(scans.map(headingsOf)).toEqual([VOLTS_AND_AMPERES]);
      expect([rowOf(scans[0], 0), rowOf(scans[0], 1), notes]).toEqual([...data, []]);
    }
  });

  it('keeps the names and the results that the instrument gives', () => {
    const { scans, info } = genericDataset('X', {
      user: 'Ada',
      scans: [
        { name: 'first', data_schema: byName, data, parameters: { tau: { value: 3, unit: 'us' } } },
        { sweep_direction: 'Forward', columns: byText, data },
        { data_columns: byName, data, processed_schema: byName, processed_data: data },
      ],
    });
    expect(scans.map(({ label }) => label)).toEqual(['first', 'Forward', 'X', 'X: processed']);
    expect(scans[0]?.reported).toEqual({ tau: { value: 3, unit: 'µs' } });
    expect(info.user).toBe('Ada');
  });

  it.each([
    ['jv-data.txt', [2]],
    ['dark-jv-data.txt', [2]],
    ['ipce-data.txt', [4]],
    ['impedance-data-strings.txt', [6]],
    ['impedance-data-infinity.txt', [6]],
    ['celiv-data.txt', [2]],
    ['connection-test-data.txt', [2]],
    ['resistivity-data.txt', [4]],
  ])('of %s has its columns', (file, [columns]) => {
    const { scans } = genericDataset('X', wireData(file));
    expect(scans.length).toBeGreaterThan(0);
    for (const scan of scans) expect(scan.columns).toHaveLength(columns ?? 0);
  });

  it('reads a single row, numbers sent as text, and what is no number as missing (rows 11, 12)', () => {
    const { scans } = genericDataset('X', { columns: byText, data: ['72.80', '-Inf'] });
    expect(rowOf(scans[0], 0)).toEqual([72.8, null]);
    const live = genericDataset('X', {
      'Voltage (V)': 1,
      'Current (A)': Number.NaN,
      version: 3,
      note: 'a (b)',
    });
    expect(headingsOf(live.scans[0])).toEqual(VOLTS_AND_AMPERES);
    expect(rowOf(live.scans[0], 0)).toEqual([1, null]);
  });

  it('says so where there is nothing to read, but not of an empty reply', () => {
    expect(genericDataset('X', { state: 'OK' })).toMatchObject({ scans: [], notes: [expect.any(String)] });
    for (const nothing of [undefined, null, {}, []]) {
      expect(genericDataset('X', nothing)).toMatchObject({ scans: [], notes: [] });
    }
  });

  it('never makes it throw', () => {
    const key = fc.constantFrom(
      'data_schema',
      'data_scheme',
      'processed_schema',
      'processed_data',
      'columns',
      'data_columns',
      'schema',
      'data',
      'parameters',
      'parameter_schema',
      'name',
      'Voltage (V)',
      '__proto__',
      'scans',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, '', 'Inf', 'x (y)', 1, true),
        fc.jsonValue(),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
        fc.record({ name: fc.string(), unit: fc.string() }),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(tree, fc.anything()), (reply) => {
        const { scans } = genericDataset('X', reply);
        for (const { columns } of scans) {
          const lengths = new Set(columns.map(({ values }) => values.length));
          expect(lengths.size).toBe(1);
          expect(columns.flatMap(({ values }) => values).every((v) => v === null || Number.isFinite(v))).toBe(
            true,
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
