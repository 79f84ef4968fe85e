import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportMeasurement } from '../../src/tools/export-measurement.ts';
import { getMeasurement } from '../../src/tools/get-measurement.ts';
import { listMeasurements } from '../../src/tools/list-measurements.ts';
import { readArkeoText } from '../export/read-arkeo-text.ts';
import { datasetOf, scanOf } from '../export/sources.ts';
import { figure, storedMeasurements } from './stored.ts';

const stored = storedMeasurements();

describe('list_measurements', () => {
  it('has a line for each, newest first, with the figures of the best scan', async () => {
    const { keep, call } = stored();
    const first = await keep();
    const second = await keep(
      {
        routine: 'IPCE',
        simulated: true,
        device_name: null,
        metrics: [figure('jsc_integrated', 21.78, 'mA/cm²')],
      },
      null,
      'failed',
    );
    const { structured } = await call(listMeasurements);
    expect(structured).toMatchObject({
      total: 2,
      next_offset: null,
      simulated: null,
      measurements: [
        {
          id: second,
          routine: 'IPCE',
          device: null,
          state: 'failed',
          simulated: true,
          figures: 'jsc_integrated 21.78 mA/cm²',
        },
        {
          id: first,
          routine: 'JV',
          device: 'B12-P3',
          state: 'complete',
          simulated: false,
          figures: 'efficiency 18.25 % (reverse), voc 1.0600 V',
        },
      ],
    });
  });

  it.each([
    ['reverse, though forward is better', [17, 16], 'efficiency 16.00 % (reverse), voc 1.1000 V'],
    ['forward without reverse', [15.7, null], 'efficiency 15.70 % (forward), voc 1.0000 V'],
    ['the only one', [15.7], 'efficiency 15.70 % (forward), voc 1.0000 V'],
  ] as const)('names the scan: %s', async (_, efficiencies, figures) => {
    const { keep, call } = stored();
    const scans = ['forward', 'reverse'];
    await keep({
      metrics: efficiencies.flatMap((value, i) => [
        figure('efficiency', value, '%', scans[i]),
        figure('voc', 1 + i / 10, 'V', scans[i]),
      ]),
    });
    expect((await call(listMeasurements)).structured.measurements).toMatchObject([{ figures }]);
  });

  it('names each scan where figures are of several, and one of a sweep with its conditions', async () => {
    const { keep, call } = stored();
    await keep({
      metrics: [
        figure('efficiency', 15, '%', 'forward'),
        figure('efficiency', 17, '%', 'reverse, sweep_1 0'),
        figure('efficiency', 18, '%', 'reverse, sweep_1 1'),
        figure('voc', 1, 'V', 'forward'),
      ],
    });
    expect((await call(listMeasurements)).structured.measurements).toMatchObject([
      { figures: 'efficiency 18.00 % ("reverse, sweep_1 1"), voc 1.0000 V (forward)' },
    ]);
  });

  it('filters and pages', async () => {
    const { keep, call } = stored();
    for (const device of ['a1', 'a2', 'b1', 'a3']) await keep({ device_name: device });
    const ids = async (args: Record<string, unknown>) => {
      const { structured } = await call(listMeasurements, args);
      return [structured.measurements.map(({ device }) => device), structured.next_offset];
    };
    expect(await ids({ device: 'A', limit: 2 })).toEqual([['a3', 'a2'], 2]);
    expect(await ids({ device: 'A', limit: 2, offset: 2 })).toEqual([['a1'], null]);
    expect(await ids({ from: '2026-05-04T12:03:00Z', to: '2026-05-04T12:03:00Z' })).toEqual([['b1'], null]);
    expect(await ids({ routine: 'IPCE' })).toEqual([[], null]);
    expect((await call(listMeasurements, { offset: 9 })).structured).toMatchObject({
      total: 4,
      measurements: [],
      next_offset: null,
    });
    expect((await call(listMeasurements, { from: 'yesterday' })).text).toMatch(/yesterday.*is not a date/);
  });

  it('says what cannot be read', async () => {
    const { archive, keep, call } = stored();
    const id = await keep();
    const folder = path.dirname((await archive.read(id)).folder);
    mkdirSync(path.join(folder, id.replace('B12', 'B13')));
    writeFileSync(path.join(folder, id.replace('B12', 'B13'), 'measurement.json'), '{"form');
    const { structured } = await call(listMeasurements);
    expect(structured.damaged).toEqual([expect.stringContaining('B13')]);
  });
});

describe('get_measurement', () => {
  it('tells everything but the data, with links to that', async () => {
    const { archive, keep, call } = stored();
    const id = await keep({
      note: 'after\nsoaking',
      warnings: ['the light is off'],
      conditions: { leds: null, relays: [false, true], temperatures: null },
    });
    const { structured, attachments } = await call(getMeasurement, { id: 'latest' });
    const { folder } = await archive.read(id);
    expect(structured).toMatchObject({
      id,
      routine: 'JV',
      state: 'complete',
      device: 'B12-P3',
      user: 'Lab',
      area_cm2: 0.1,
      area_source: 'stated',
      note: 'after\nsoaking',
      conditions_before: 'relay 2 closed',
      settings: [
        'scan_settings › scan › Rate (V/s): 0.2',
        'scan_settings › scan › Order: "Forward then Reverse"',
      ],
      folder,
      files: { 'replies/01_GetTestData.json': 2 },
      warnings: ['the light is off'],
      simulated: false,
    });
    expect(structured.metrics).toContainEqual({
      name: 'efficiency',
      unit: '%',
      values: { forward: 17, reverse: 18.25 },
      reported: { reverse: 18.2 },
      method: 'read off',
    });
    expect(attachments.map(({ uri }) => uri)).toEqual([
      `arkeo://measurements/${encodeURIComponent(id)}/data.csv`,
      `arkeo://measurements/${encodeURIComponent(id)}/plot.png`,
    ]);
  });

  it('says how a figure was computed that is not the instrument’s, and how the data was read in a note', async () => {
    const { keep, call } = stored();
    const read = 'how the data was read: current densities were multiplied by 1000';
    await keep({
      warnings: [read],
      metrics: [
        { ...figure('r_series', 5.967, 'Ω·cm²', 'reverse'), reported: 6.571 },
        { ...figure('voc', 1.08, 'V', 'reverse'), reported: 1.07 },
      ],
    });
    const { structured } = await call(getMeasurement, { id: 'latest' });
    expect(structured).toMatchObject({
      metrics: [
        { name: 'r_series', values: { all: 5.967 }, reported: { all: 6.571 }, method: 'read off' },
        { name: 'voc', values: { all: 1.08 }, reported: { all: 1.07 } },
      ],
      warnings: [],
      notes: [read, expect.stringMatching(/differ by more than 3 %: r_series;/)],
    });
    await keep();
    expect((await call(getMeasurement, { id: 'latest' })).structured.notes).toEqual([]);
  });

  it('of one without data links nothing, and of a simulated one says so', async () => {
    const { keep, call } = stored();
    await keep(
      { simulated: true, failure: { step: 'start', code: 7, message: 'no', instrument_state: null } },
      null,
      'failed',
    );
    const { text, structured, attachments } = await call(getMeasurement, { id: 'latest' });
    expect(attachments).toEqual([]);
    expect(text).toMatch(/^\[simulated instrument\] /);
    expect(structured).toMatchObject({
      state: 'failed',
      simulated: true,
      failure: { step: 'start', code: '7', message: 'no' },
    });
  });

  it('shows damage as a warning', async () => {
    const { archive, keep, call } = stored();
    const id = await keep();
    writeFileSync(path.join((await archive.read(id)).folder, 'data.csv'), 'x');
    expect((await call(getMeasurement, { id })).text).toMatch(/^Warning: data\.csv /m);
  });

  it.each(['latest', 'nonsense', '../../etc'])('without such a measurement says so: %s', async (id) => {
    const { call } = stored();
    const { text, isError } = await call(getMeasurement, { id });
    expect(isError).toBe(true);
    expect(text).toContain('list_measurements');
  });
});

describe('export_measurement', () => {
  it('writes each form beside the measurement, and over nothing', async () => {
    const { archive, keep, call } = stored();
    const id = await keep();
    const { folder } = await archive.read(id);
    const written: string[] = [];
    for (const format of ['csv', 'arkeo_text', 'json', 'arkeo_text']) {
      const { structured, isError, text } = await call(exportMeasurement, { id, format });
      expect(isError, text).toBe(false);
      expect(readFileSync(structured.path)).toHaveLength(structured.bytes);
      written.push(structured.path);
    }
    const name = path.join(folder, '2026-05-04_12.01.00_JV_B12-P3');
    expect(written).toEqual([`${name}.csv`, `${name}.txt`, `${name}.json`, `${name}-2.txt`]);
    expect(readArkeoText(readFileSync(`${name}.txt`)).columns.map((column) => column.name)).toEqual([
      'V_FW',
      'J_FW',
      'V_RV',
      'J_RV',
    ]);
  });

  it('of a strange name is a file all the same, and of simulated data says so in name, file and answer', async () => {
    const { keep, call } = stored();
    const device_name = '../CON:\u202e"x"\n'.repeat(20);
    const scan = scanOf('a', [['Wavelength', 'nm', 500]]);
    await keep({ routine: 'Photo-CELIV', device_name, simulated: true }, datasetOf('Photo-CELIV', [scan]));
    for (const format of ['csv', 'arkeo_text', 'json']) {
      const { structured, text } = await call(exportMeasurement, { id: 'latest', format });
      expect(text).toMatch(/^\[simulated instrument\] .*SIMULATED/);
      expect(path.basename(structured.path)).toMatch(/^[\w.-]+_SIMULATED\.\w+$/);
      expect(readFileSync(structured.path, 'utf8')).toContain('SIMULATED');
    }
  });

  it('of what has no data is refused', async () => {
    const { keep, call } = stored();
    await keep({}, null, 'failed');
    expect(await call(exportMeasurement, { id: 'latest', format: 'json' })).toMatchObject({ isError: true });
  });
});
