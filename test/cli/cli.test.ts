import { createServer } from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { startSimulator } from '../../src/simulator/server.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { run } from '../helpers/server.ts';
import { homes } from './setup/home.ts';

const opened = closesAfterEach();
const newHome = homes();
/** A user without MCP hosts. */
const nobody = (): Record<string, string> => newHome().environment;

async function portOf(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened(server);
  return (server.address() as net.AddressInfo).port;
}

describe('command line', () => {
  it('--version', async () => {
    expect(await run(['--version']).finished).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
  });

  it('--help lists every option with its variable', async () => {
    const { stdout } = await run(['--help']).finished;
    for (const text of [
      '--simulator-speed <factor>',
      'ARKEO_SIMULATOR_SPEED',
      '--user-name',
      'simulate',
      'doctor',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it.each([
    [['--port', 'abc'], /--port \(ARKEO_PORT\) cannot be "abc"/],
    [['--prot', '1'], /unknown option '--prot'/],
    [['--port', '1', '--port', '2'], /given twice/],
    [['measure'], /unknown command 'measure'/],
    [['--port', '7001', 'simulate'], /the options of simulate go behind it/],
    [['--log-file', '/dev/null/no/file.log'], /--log-file \(ARKEO_LOG_FILE\)/],
    [['--tls-ca', '/no/such/file.pem'], /--tls-ca \(ARKEO_TLS_CA\).*file\.pem/],
  ])('%j is refused with exit code 1', async (args, message) => {
    const { code, stderr, stdout } = await run(args).finished;
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });
});

describe('doctor', () => {
  it('says that all is well, what answers, and changes nothing', async () => {
    const seen: string[] = [];
    const simulator = opened(await startSimulator({ onRequest: ({ command }) => seen.push(command) }));
    const { code, stdout } = await run(['doctor', '--port', String(simulator.port)], nobody()).finished;
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/a SIMULATOR/);
    expect(stdout).toMatch(/routines +13: JV/);
    for (const target of ['MAIN', 'ROUTINE', 'LED', 'MUX', 'TMPCTL'])
      expect(stdout).toMatch(new RegExp(`^ok +${target} `, 'm'));
    for (const command of seen) expect(command).toMatch(/^Get/);
  });

  it('takes the options before or after its name', async () => {
    const simulator = opened(await startSimulator());
    const before = await run(['--port', String(simulator.port), 'doctor'], nobody()).finished;
    const variable = await run(['doctor'], { ...nobody(), ARKEO_PORT: String(simulator.port) }).finished;
    expect([before.code, variable.code]).toEqual([0, 0]);
  });

  it('tells older software by what reads show', async () => {
    const simulator = opened(await startSimulator({ dialect: 'oldest' }));
    const { code, stdout } = await run(['doctor', '--port', String(simulator.port)], nobody()).finished;
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/LED values without boards \(older\), MUX channels \(older\)/);
  });

  it('ARKEO not running', async () => {
    const port = await portOf(net.createServer());
    const unused = await startSimulator();
    await unused.close();
    expect(port).not.toBe(unused.port);
    const { code, stdout } = await run(['doctor', '--port', String(unused.port)], nobody()).finished;
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +connection .*refused\n.*ARKEO application running/);
  });

  it('an HTTP server there', async () => {
    const port = await portOf(createServer((_, response) => response.end()));
    const { code, stdout } = await run(['doctor', '--port', String(port)], nobody()).finished;
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +first request .*HTTP.*\n.*Another program has this port/);
  });

  it('something that accepts and says nothing', async () => {
    const instrument = opened(await startFake(() => undefined));
    const args = ['doctor', '--port', String(instrument.port), '--request-timeout', '0.2'];
    const { code, stdout } = await run(args, nobody()).finished;
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +first request .*no reply.*\n.*API server/);
  });

  it('a name that nobody knows', async () => {
    const { code, stdout } = await run(['doctor', '--host', 'no-such-host.invalid'], nobody()).finished;
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +name lookup/);
  });

  it('something that speaks the protocol and refuses everything', async () => {
    const refusal = { status: 'error', error: { code: 5001, message: 'Invalid JSON' } };
    const instrument = opened(await startFake((request, { reply }) => reply(request, refusal)));
    const { code, stdout } = await run(['doctor', '--port', String(instrument.port)], nobody()).finished;
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +first request .*5001.*\n.*Multichannel/);
  });

  it('an instrument without a multiplexer is well all the same', async () => {
    const instrument = opened(
      await startFake((request, { reply }) => {
        if (request.target === 'MUX')
          reply(request, { status: 'error', error: { code: 5, message: 'not installed' } });
        else if (request.command === 'GetAvailableRoutines')
          reply(request, { status: 'OK', data: { routines: ['JV'] } });
        else if (request.command === 'GetActiveRoutine')
          reply(request, { status: 'OK', data: { routine: '' } });
        else if (request.target === 'ROUTINE')
          reply(request, { status: 'ERROR', error: 'error 4006: no active routine' });
        else if (request.target === 'LED')
          reply(request, { status: 'ok', data: { connected: false, boards: [] } });
        else reply(request, { status: 'OK', data: [] });
      }),
    );
    const { code, stdout } = await run(['doctor', '--port', String(instrument.port)], nobody()).finished;
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/note +MUX .*not installed/);
    expect(stdout).toMatch(/by an instrument/);
  });
});
