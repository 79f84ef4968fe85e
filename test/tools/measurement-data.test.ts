import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/science/dataset.ts';
import { getMeasurementData } from '../../src/tools/get-measurement-data.ts';
import { datasetOf, scanOf } from '../export/sources.ts';
import { curve, storedMeasurements } from './stored.ts';

const stored = storedMeasurements();

async function dataOf(dataset: Dataset, args: Record<string, unknown> = {}) {
  const { keep, call, archive } = stored();
  const id = await keep({ routine: dataset.routine, metrics: [] }, dataset);
  const answer = await call(getMeasurementData, { id: 'latest', ...args });
  return Object.assign(answer, { id, folder: (await archive.read(id)).folder });
}

describe('get_measurement_data', () => {
  it('has all rows of what is short, to six digits', async () => {
    const dataset = datasetOf('IPCE', [
      scanOf('spectrum', [
        ['Wavelength', 'nm', 300, 310],
        ['EQE', '%', 19.31415926, null],
      ]),
    ]);
    const { text, structured, id, folder } = await dataOf(dataset);
    expect(text.split('\n')).toEqual([
      `${id}, IPCE`,
      '"spectrum", of 2 rows: Wavelength (nm), EQE (%)',
      '300, 19.3142',
      '310, –',
      expect.stringMatching(/^all rows: arkeo:/),
    ]);
    expect(structured).toMatchObject({
      scans: [
        {
          scan: 'spectrum',
          columns: ['Wavelength (nm)', 'EQE (%)'],
          rows: [
            [300, 19.3142],
            [310, null],
          ],
          of_rows: 2,
        },
      ],
      path: path.join(folder, 'data.csv'),
      csv: `arkeo://measurements/${encodeURIComponent(id)}/data.csv`,
    });
  });

  it('thins what is long, keeps its extremes and says what it left out', async () => {
    const dataset = curve(3000);
    const spike = 1234;
    const [forward] = dataset.scans;
    forward?.columns[1]?.values.splice(spike, 1, 99);
    const { structured } = await dataOf(dataset);
    const [first] = structured.scans;
    for (const { rows } of structured.scans) {
      expect(rows.length).toBeGreaterThan(20);
      expect(rows.length).toBeLessThanOrEqual(50);
    }
    expect(first?.rows.map(([, y]) => y)).toContain(99);
    expect(first?.of_rows).toBe(3000);
    expect(structured.notes).toEqual([expect.stringContaining('left out')]);
  });

  it('gives what a short scan does not need to the long one', async () => {
    const [long, short] = [curve(1000).scans[0], scanOf('dark', [['Voltage', 'V', 1, 2]])];
    if (long === undefined) throw new Error('no scan');
    const { structured } = await dataOf(datasetOf('JV', [short, long]), { max_points: 60 });
    expect(structured.scans[0]?.rows).toHaveLength(2);
    expect(structured.scans[1]?.rows.length).toBeGreaterThan(40);
  });

  it('takes columns, a scan and a range, whatever the case', async () => {
    const { structured } = await dataOf(curve(13), {
      columns: ['current density'],
      scan: 'REVERSE',
      from: 0.25,
      to: 0.5,
    });
    expect(structured.scans).toHaveLength(1);
    expect(structured.scans[0]).toMatchObject({
      scan: 'reverse',
      columns: ['Current density (mA/cm²)'],
      of_rows: 3,
    });
  });

  it.each([
    [{ scan: 'sideways' }, /no scan "sideways"/, /Scans: "forward", "reverse"\./],
    [{ columns: ['Voltage', 'EQE'] }, /no column "EQE"/, /Columns: "Voltage", "Current density"\./],
    [{ from: 2, to: 1 }, /from 2 lies above to 1/, /smaller/],
  ])('says what there is when asked for %o', async (args, message, hint) => {
    const { text, isError } = await dataOf(curve(), args);
    expect(isError).toBe(true);
    expect(text).toMatch(message);
    expect(text).toMatch(hint);
  });

  it('says that it is not whole, or was changed', async () => {
    const { keep, call, archive } = stored();
    const id = await keep({}, curve(), 'failed');
    writeFileSync(path.join((await archive.read(id)).folder, 'data.csv'), 'x');
    const { structured } = await call(getMeasurementData, { id });
    expect(structured.warnings).toEqual([
      `${id} is failed: its data may end early`,
      expect.stringMatching(/: data\.csv has 1 bytes/),
    ]);
  });

  it('names scans of one label by their conditions, and lists those that are too many', async () => {
    const scans = Array.from({ length: 30 }, (_, i) =>
      scanOf('forward', [['Voltage', 'V', 0, 1]], { conditions: { light: { value: i, unit: 'sun' } } }),
    );
    const all = await dataOf(datasetOf('JV', scans));
    expect(all.structured.scans).toHaveLength(10);
    expect(all.text).toContain('20 more scans are left out');
    const one = await dataOf(datasetOf('JV', scans), { scan: 'forward, light 7 sun' });
    expect(one.structured.scans).toHaveLength(1);
  });

  it('never answers more rows than asked for, nor more than 2000 values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: 500 }),
        fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 1, maxLength: 14 }),
        fc.integer({ min: 1, max: 8 }),
        async (max, lengths, width) => {
          const scans = lengths.map((length, k) =>
            scanOf(
              `s${k}`,
              Array.from(
                { length: width },
                (_, c) => [`c${c}`, 'V', ...Array.from({ length }, (__, i) => i ** c)] as const,
              ),
            ),
          );
          const { structured } = await dataOf(datasetOf('Impedance', scans), { max_points: max });
          const rows = structured.scans.flatMap((scan) => scan.rows);
          expect(rows.length).toBeLessThanOrEqual(max);
          expect(rows.flat().length).toBeLessThanOrEqual(2000);
        },
      ),
      { numRuns: 15 },
    );
  });
});
