import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
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
    async (path) => {
      const { keep, client } = await hosted();
      const read = (id: string) => client.readResource({ uri: `arkeo://measurements/${id}${path}` });
      await expect(read('latest')).rejects.toThrow(/not found/);
      const id = await keep({}, null, 'failed');
      for (const other of ['x', '%ff', '..%2F..', id.replace('B12', 'B13')]) {
        await expect(read(other)).rejects.toThrow(/not found/);
      }
      if (path !== '') await expect(read(id)).rejects.toThrow(/not found/);
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
});
