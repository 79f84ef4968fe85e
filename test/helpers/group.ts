import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { treeOf } from './processes.ts';
import { BIN, cleanEnvironment } from './server.ts';

const HOST = fileURLToPath(new URL('host-process.mjs', import.meta.url));

export const newFolder = (): string =>
  mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'group-'));

/** A host with a server, in a group of processes of their own, spoken to by hand. */
export async function startGroup(port: number, folder = newFolder(), options: readonly string[] = []) {
  const args = [BIN, '--port', String(port), '--confirm', 'never', '--data-dir', folder, ...options];
  const host = spawn(process.execPath, [HOST, process.execPath, ...args], {
    detached: true,
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const { pid: hostPid = 0 } = host;
  let printed = '';
  const watchers = new Set<() => void>();
  const gone = new Promise<never>((_, reject) => {
    host.once('exit', () => reject(new Error('the group is gone')));
  });
  // Whoever waits for a line learns it.
  gone.catch(() => undefined);
  host.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    for (const watch of watchers) watch();
  });
  host.stdin.on('error', () => undefined);
  const found = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const watch = (): void => {
        const one = printed.split('\n').find((candidate) => pattern.test(candidate));
        if (one === undefined) return;
        watchers.delete(watch);
        resolve(one);
      };
      watchers.add(watch);
      watch();
    });
  const line = (pattern: RegExp): Promise<string> => Promise.race([found(pattern), gone]);
  const send = (message: object): void =>
    void host.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const { pid } = z.looseObject({ pid: z.number() }).parse(JSON.parse(await line(/^\{"pid":/)));
  const clientInfo = { name: 'by hand', version: '1' };
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  });
  await line(/"id":1[,}]/);
  let id = 1;
  return {
    /** Of the server. */
    pid,
    folder,
    /** Calls a tool; rejects where the group is killed before its answer. */
    call: async (name: string, given: object = {}): Promise<string> => {
      const mine = ++id;
      send({ id: mine, method: 'tools/call', params: { name, arguments: given } });
      const answer = await line(new RegExp(`"id":${mine}[,}]`));
      if (answer.includes('"isError":true')) throw new Error(answer);
      return answer;
    },
    closeInput: () => void host.stdin.end(),
    signal: (signal: NodeJS.Signals) => signalTo(pid, signal),
    /** Kills host and server at once. */
    killGroup: () => signalTo(-hostPid, 'SIGKILL'),
    /** Kills the host and all that it started, and these in turn. */
    killTree: () => {
      for (const one of treeOf(hostPid)) signalTo(one, 'SIGKILL');
    },
    close: () => signalTo(-hostPid, 'SIGKILL'),
  };
}
export type Group = Awaited<ReturnType<typeof startGroup>>;

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}
