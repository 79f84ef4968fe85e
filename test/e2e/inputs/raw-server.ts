import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { BIN, cleanEnvironment } from '../../helpers/server.ts';

const reply = z.looseObject({
  id: z.number().optional(),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});
type Reply = z.output<typeof reply>;

const called = z.looseObject({
  content: z.array(z.looseObject({ text: z.string().default('') })),
  isError: z.boolean().default(false),
  structuredContent: z.unknown().optional(),
  _meta: z.looseObject({ 'arkeo-mcp/error': z.looseObject({}).optional() }).optional(),
});
const listed = z.looseObject({
  tools: z.array(z.looseObject({ name: z.string(), inputSchema: z.looseObject({}) })),
});

export interface Called {
  text: string;
  isError: boolean;
  structured: unknown;
  /** The facts of a failure. */
  error: Record<string, unknown> | undefined;
  /** Refused by the protocol itself, before any tool. */
  protocolError: string | undefined;
}

/** The built server over stdio, written to by hand: a client library refuses or repairs some of what is tried here. */
export interface RawServer {
  list: () => Promise<z.output<typeof listed>['tools']>;
  /** @param json the arguments as they stand on the line, which may be no JSON that JavaScript would write */
  call: (name: string, json: string) => Promise<Called>;
  stderr: () => string;
  close: () => Promise<void>;
}

export async function startRaw(args: readonly string[]): Promise<RawServer> {
  const child = spawn(process.execPath, [BIN, '--log-level', 'warn', '--confirm', 'never', ...args], {
    env: cleanEnvironment(),
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const waiting = new Map<number, (answer: Reply) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = reply.parse(JSON.parse(line));
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  });
  let last = 0;
  const request = (method: string, params: string): Promise<Reply> =>
    new Promise((resolve) => {
      const id = ++last;
      waiting.set(id, resolve);
      child.stdin.write(`{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${params}}\n`);
    });
  await request(
    'initialize',
    '{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}',
  );
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return {
    list: async () => listed.parse((await request('tools/list', '{}')).result).tools,
    async call(name, json) {
      const { result, error } = await request(
        'tools/call',
        `{"name":${JSON.stringify(name)},"arguments":${json}}`,
      );
      const { content, isError, structuredContent, _meta } = called.parse(result ?? { content: [] });
      return {
        text: content.map(({ text }) => text).join('\n'),
        isError,
        structured: structuredContent,
        error: _meta?.['arkeo-mcp/error'],
        protocolError: error?.message,
      };
    },
    stderr: () => stderr,
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
