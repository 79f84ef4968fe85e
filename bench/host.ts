import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const SERVER = fileURLToPath(new URL('../dist/index.js', import.meta.url));

const message = z.looseObject({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});
const toolResult = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ text: z.string().default('') })),
});
const toolList = z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) });
export type ListedTool = z.output<typeof toolList>['tools'][number];

/**
 * An MCP server under a minimal host that only writes and reads lines, so that the host takes little time
 * itself.
 */
export interface Host {
  readonly pid: number;
  listTools: () => Promise<ListedTool[]>;
  /** Resolves with the text of the answer. Rejects if the answer is an error. */
  call: (name: string, args?: Record<string, unknown>) => Promise<string>;
  close: () => Promise<void>;
}

/**
 * Starts a Node program that is an MCP server, and initialises it.
 *
 * @param args of node
 */
export async function startHost(args: readonly string[]): Promise<Host> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'], env: cleanEnvironment() });
  const waiting = new Map<number, (answer: z.output<typeof message> | undefined) => void>();
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      for (const answer of waiting.values()) answer(undefined);
      resolve();
    }),
  );
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const answer = message.parse(JSON.parse(line));
      if (answer.id === undefined) continue;
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    }
  });
  child.stdin.on('error', () => undefined);
  const write = (body: Record<string, unknown>): void => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...body })}\n`);
  };
  let lastId = 0;
  const request = async (method: string, params: Record<string, unknown>): Promise<unknown> => {
    const id = ++lastId;
    const answer = await new Promise<z.output<typeof message> | undefined>((resolve) => {
      waiting.set(id, resolve);
      write({ id, method, params });
    });
    if (answer === undefined) throw new Error(`the server ended during ${method}`);
    if (answer.error !== undefined) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
    return answer.result;
  };

  await request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'arkeo-mcp bench', version: '1' },
  });
  write({ method: 'notifications/initialized' });
  return {
    pid: child.pid ?? 0,
    listTools: async () => toolList.parse(await request('tools/list', {})).tools,
    call: async (name, toolArgs = {}) => {
      const { isError, content } = toolResult.parse(
        await request('tools/call', { name, arguments: toolArgs }),
      );
      const text = content.map((part) => part.text).join('\n');
      if (isError === true) throw new Error(`${name}: ${text}`);
      return text;
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** Starts the built arkeo-mcp, as users run it; its data is removed when it ends. */
export async function startArkeo(
  options: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): Promise<Host> {
  const data = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-bench-'));
  const host = await startHost([
    ...nodeOptions,
    SERVER,
    '--data-dir',
    data,
    '--confirm',
    'never',
    ...options,
  ]);
  return {
    ...host,
    close: async () => {
      await host.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The environment without options of arkeo-mcp that happen to be set on this machine. */
function cleanEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('ARKEO_')));
}
