import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { boundedRecord } from '../../src/resources/bounded-record.ts';
import { registerMeasurementResources } from '../../src/resources/measurements.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { storedMeasurements } from '../tools/stored.ts';

const stored = storedMeasurements();
const opened = closesAfterEach();
const content = z.object({
  mimeType: z.string(),
  text: z.string().default(''),
  blob: z.string().default(''),
});
const listing = z.looseObject({ measurements: z.array(z.looseObject({ id: z.string() })) });

async function hosted() {
  const { archive, keep } = stored();
  const server = opened(new McpServer({ name: 'test', version: '1' }));
  registerMeasurementResources(server, archive);
  const client = opened(new Client({ name: 'test', version: '1' }));
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  return {
    keep,
    client,
    read: async (uri: string) => content.parse((await client.readResource({ uri })).contents[0]),
    folder: async (id: string) => (await archive.read(id)).folder,
  };
}

describe('measurement resources', () => {
  it('list the newest, and say which are simulated', async () => {
    const { keep, read, client } = await hosted();
    const ids: string[] = [];
    for (let i = 0; i < 22; i++) ids.unshift(await keep({ simulated: i === 21, device_name: `d${i}` }, null));
    const list = listing.parse(JSON.parse((await read('arkeo://measurements')).text));
    expect(list).toMatchObject({ total: 22, damaged: [] });
    expect(list.measurements.map(({ id }) => id)).toEqual(ids);
    expect(list.measurements[0]).toMatchObject({
      simulated: true,
      figures: 'efficiency 18.25 % (reverse), voc 1.0600 V',
    });
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      'arkeo://measurements',
      ...ids.slice(0, 20).map((id) => `arkeo://measurements/${encodeURIComponent(id)}`),
    ]);
    expect(resources[1]?.title).toBe('SIMULATED JV "d21" 2026-05-04 12:22');
  });

  it('are the record, the data and a picture of it', async () => {
    const { keep, read, folder } = await hosted();
    const id = await keep({ simulated: true, device_name: 'Zelle ä+1' });
    const uri = `arkeo://measurements/${encodeURIComponent(id)}`;
    const record = await read(uri);
    expect(record.mimeType).toBe('application/json');
    expect(JSON.parse(record.text)).toMatchObject({
      id,
      simulated: true,
      state: 'complete',
      folder: await folder(id),
      problems: [],
    });
    const data = await read(`${uri}/data.csv`);
    expect(data.mimeType).toBe('text/csv');
    expect(data.text).toMatch(/^\uFEFF?Simulated,Scan,Voltage \(V\)/);
    const picture = await read(`${uri}/plot.png`);
    expect(picture.mimeType).toBe('image/png');
    expect(Buffer.from(picture.blob, 'base64').subarray(1, 4).toString()).toBe('PNG');
    expect(await read('arkeo://measurements/latest')).toEqual(record);
  });

  it.each(['', '/data.csv', '/plot.png'])(
    'are not found where there is no such measurement: %s',
    async (view) => {
      const { keep, client } = await hosted();
      const read = (id: string) => client.readResource({ uri: `arkeo://measurements/${id}${view}` });
      await expect(read('latest')).rejects.toThrow(/not found/);
      const id = await keep({}, null, 'failed');
      for (const other of ['x', '%ff', '..%2F..', id.replace('B12', 'B13')]) {
        await expect(read(other)).rejects.toThrow(/not found/);
      }
      if (view !== '') await expect(read(id)).rejects.toThrow(/not found/);
    },
  );

  it('complete the id', async () => {
    const { keep, client } = await hosted();
    const [first, second] = [await keep({ routine: 'IPCE' }), await keep()];
    const complete = async (value: string) =>
      (
        await client.complete({
          ref: { type: 'ref/resource', uri: 'arkeo://measurements/{id}/data.csv' },
          argument: { name: 'id', value },
        })
      ).completion.values;
    expect(await complete('2026-05')).toEqual([second, first]);
    expect(await complete('2026-05-04_12.01.00z_ip')).toEqual([first]);
    expect(await complete('2027')).toEqual([]);
  });

  it('of the largest measurement stay far from the longest line that clients take', async () => {
    const { keep, client, read, folder } = await hosted();
    const values = (of: number) => Array.from({ length: 2000 }, (_, i) => Math.sin(i / 300) * of + i * 1e-7);
    const scans = Array.from({ length: 30 }, (_, i) => ({
      label: `scan ${i}`,
      conditions: {},
      reported: {},
      columns: [
        { name: 'Time', unit: 's', values: Array.from({ length: 2000 }, (__, k) => k * 1.234567e-6) },
        { name: 'Voltage', unit: 'V', values: values(1.1) },
        { name: 'Current density', unit: 'mA/cm²', values: values(21.97) },
      ],
    }));
    const id = await keep({ routine: 'TPR' }, { routine: 'TPR', info: {}, scans, notes: [] });
    const uri = `arkeo://measurements/${encodeURIComponent(id)}`;
    const table = await read(`${uri}/data.csv`);
    const [first = '', heading = '', ...rows] = table.text.slice(1).split('\r\n');
    expect(first).toMatch(/^# THINNED: \d+ of 60000 rows;/);
    expect(first).toContain(JSON.stringify(path.join(await folder(id), 'data.csv')));
    expect(heading).toMatch(/^Scan,/);
    expect(new Set(rows.slice(0, -1).map((row) => row.split(',')[0])).size).toBe(30);
    for (const view of ['', '/data.csv']) {
      const message = JSON.stringify(await client.readResource({ uri: `${uri}${view}` }));
      expect(Buffer.byteLength(message), view).toBeLessThan(2 * 1024 * 1024);
    }
  });

  it('name the member of a record that is too large to show', () => {
    const record = { device_name: 'A1', settings: Array.from({ length: 300_000 }, (_, i) => i * 1.5) };
    const text = boundedRecord(record, '/data/measurement.json');
    expect(text.length).toBeLessThan(1024 * 1024);
    expect(JSON.parse(text)).toEqual({
      device_name: 'A1',
      settings: expect.stringMatching(/^LEFT OUT: \d+ characters; see \/data\/measurement\.json$/),
    });
  });
});
