/**
 * A bare server of the SDK, whose tool makes one round trip: the least cost of such a call, without any check, queue or
 * log. Takes the port of the instrument.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import tools from '#tools';
import { answer } from './answer.ts';

const HEADER_BYTES = 4;
// The process must not wait for the socket: it ends with standard input.
const socket = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay(true).unref();
let request = 0;

/** Makes one round trip. The reply is small enough to come in one piece. */
async function roundTrip(): Promise<unknown> {
  const payload = JSON.stringify({
    target: 'MAIN',
    command: 'GetActiveRoutine',
    parameter: {},
    request_id: ++request,
  });
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length);
  frame.write(payload, HEADER_BYTES);
  const answered = once(socket, 'data') as Promise<[Buffer]>;
  socket.write(frame);
  const [reply] = await answered;
  return JSON.parse(reply.toString('utf8', HEADER_BYTES));
}

/** A schema that is only listed, and accepts everything. */
function asIs(json: Record<string, unknown>): StandardSchemaWithJSON {
  return {
    '~standard': {
      version: 1,
      vendor: 'bare',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}

serveStdio(() => {
  const server = new McpServer({ name: 'bare', version: '1' }, { capabilities: { tools: {} } });
  for (const { name, title, description, annotations, inputSchema, outputSchema } of tools)
    server.registerTool(
      name,
      { title, description, annotations, inputSchema: asIs(inputSchema), outputSchema: asIs(outputSchema) },
      async () => answer(await roundTrip()),
    );
  return server;
});
