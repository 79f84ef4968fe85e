import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { clientTo } from '../helpers/client.ts';
import { commands } from '../../src/instrument/commands/index.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { type Running, run } from '../helpers/server.ts';

const opened = closesAfterEach();

async function simulate(...args: string[]): Promise<{ server: Running; port: number }> {
  const server = run(['simulate', '--port', '0', ...args]);
  opened({ close: () => server.child.kill('SIGKILL') });
  const printed = await server.printed(/Ctrl\+C/);
  return { server, port: Number(/127\.0\.0\.1:(\d+)/.exec(printed)?.[1]) };
}

describe('arkeo-mcp simulate', () => {
  it('says that it is simulated, answers, and ends on SIGTERM', async () => {
    const { server, port } = await simulate('--seed', '7');
    const { client } = opened(clientTo({ port }));
    expect((await client.call(commands.MAIN.GetAvailableRoutines, {})).simulator).toMatch(/^arkeo-mcp /);
    server.child.kill('SIGTERM');
    const { code, stdout } = await server.finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/All data is simulated/);
  });

  it('says when its port is taken', async () => {
    const { port } = await simulate();
    const second = await run(['simulate', '--port', String(port)]).finished;
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/EADDRINUSE|in use/);
  });

  const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);

  it.skipIf(python === undefined)(
    'answers the vendor’s Python example (skipped where there is no Python)',
    async () => {
      const { port } = await simulate();
      // The example in its documented form: `params`, id 1001, one recv for the header and one for the body.
      const program = `
import json, socket, struct, sys
request = {"target": "MAIN", "command": "StartRoutine", "params": {"routine": "Luminescence"}, "request_id": 1001}
message = json.dumps(request)
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    s.sendall(struct.pack(">I", len(message)) + message.encode("utf-8"))
    length = struct.unpack(">I", s.recv(4))[0]
    body = s.recv(length)
    assert len(body) == length, (len(body), length)
    print(body.decode("utf-8"))
`;
      const child = spawn(python ?? 'python3', ['-c', program, String(port)]);
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
      });
      await new Promise((resolve) => child.on('close', resolve));
      expect(JSON.parse(out)).toMatchObject({
        status: 'OK',
        data: { state: 'OK' },
        request_id: 1001,
        simulator: expect.any(String),
      });
    },
  );
});
