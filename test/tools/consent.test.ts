import { expect, it } from 'vitest';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as z from 'zod';
import { startSimulator } from '../../src/simulator/server.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { BIN, cleanEnvironment } from '../helpers/server.ts';

const opened = closesAfterEach();
const VERSION = '2026-07-28';
const asked = z.looseObject({
  result: z.looseObject({ resultType: z.literal('input_required'), requestState: z.string() }),
});
const answered = z.looseObject({
  result: z.looseObject({
    isError: z.boolean().optional(),
    content: z.array(z.looseObject({ text: z.string() })),
  }),
});

/** The 2026-07-28 protocol by hand: a host that sends whatever state and answer it likes. */
async function raw(port: number) {
  const transport = opened(
    new StdioClientTransport({
      command: process.execPath,
      args: [BIN, '--port', String(port), '--log-level', 'warn', '--confirm', 'hazardous'],
      env: cleanEnvironment(),
      stderr: 'ignore',
    }),
  );
  const waiting = new Map<unknown, (message: unknown) => void>();
  // The transport has no other way to be listened to.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  transport.onmessage = (message) => {
    if ('id' in message) waiting.get(message.id)?.(message);
  };
  await transport.start();
  let id = 0;
  return (name: string, args: object, more: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      waiting.set(++id, resolve);
      void transport.send({
        jsonrpc: '2.0',
        id,
        method: 'tools/call',
        params: {
          name,
          arguments: { ...args },
          ...more,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': VERSION,
            'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
          },
        },
      });
    });
}

it('a yes holds for the exact arguments it was asked for, once, and only with a state of this server', async () => {
  const sent: unknown[] = [];
  const simulator = opened(
    await startSimulator({
      onRequest: ({ command, parameter }) => {
        if (command === 'SetTemperature') sent.push(parameter);
      },
    }),
  );
  const call = await raw(simulator.port);
  const hot = { temperature: 75 };
  const { requestState } = asked.parse(await call('tmpctl_set_temperature', hot)).result;
  const yes = { inputResponses: { agree: { action: 'accept', content: { agree: true } } } };

  const other = answered.parse(
    await call('tmpctl_set_temperature', { temperature: 84 }, { ...yes, requestState }),
  );
  expect(other.result).toMatchObject({ isError: true });
  expect(other.result.content[0]?.text).toMatch(/belongs to another call/);

  expect(
    JSON.stringify(await call('tmpctl_set_temperature', hot, { ...yes, requestState: `${requestState}x` })),
  ).toMatch(/error/i);
  expect(answered.parse(await call('tmpctl_set_temperature', hot, yes)).result.isError).toBe(true);
  expect(sent).toEqual([]);

  const done = answered.parse(await call('tmpctl_set_temperature', hot, { ...yes, requestState }));
  expect(done.result.isError ?? false, done.result.content[0]?.text).toBe(false);
  const again = answered.parse(await call('tmpctl_set_temperature', hot, { ...yes, requestState }));
  expect(again.result.content[0]?.text).toMatch(/used already/);
  expect(sent).toEqual([hot]);
});
