import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { registerStatusResource } from '../../src/resources/status.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const opened = closesAfterEach();

it('arkeo://status is what instrument_status answers', async () => {
  const instrument = opened(await startStateful(() => undefined));
  const bench = opened(toolsOn(instrument.port));
  const server = opened(new McpServer({ name: 'test', version: '1' }));
  registerStatusResource(server, bench);
  const client = opened(new Client({ name: 'test', version: '1' }));
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  const { contents } = await client.readResource({ uri: 'arkeo://status' });
  const { structured } = await bench.call('instrument_status');
  expect(structured).toMatchObject({ routine: 'JV', simulated: false });
  expect(contents).toEqual([
    { uri: 'arkeo://status', mimeType: 'application/json', text: JSON.stringify(structured) },
  ]);
});
