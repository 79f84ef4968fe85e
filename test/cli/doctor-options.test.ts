import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { type Finished, run } from '../helpers/server.ts';
import { homes } from './setup/home.ts';

const newHome = homes();
const opened = closesAfterEach();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const doctor = (...args: string[]): Promise<Finished> =>
  run(['doctor', ...args], newHome().environment).finished;
const file = (name: string, content: string): string => {
  const whole = path.join(folder, name);
  writeFileSync(whole, content);
  return whole;
};

describe('doctor looks at its own options', () => {
  it('and says which limits are in force, and that the data folder can be written', async () => {
    const { code, stdout } = await doctor('--simulator', '--data-dir', folder);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(
      /^ok +limits +profile single_junction, built in: a person is asked beyond -0\.5 to 1\.4 V or 0\.1 A; never beyond -3 to 3 V or 1 A$/m,
    );
    expect(stdout).toMatch(/^ok +tools +\d+ of \d+ are offered$/m);
    expect(stdout).toContain(`${folder} can be written`);
  });

  it('and at the file and profile that they name', async () => {
    const limits = file(
      'limits.json',
      JSON.stringify({ profiles: { mine: { voltage_v: { soft: [-0.1, 1.2] } } } }),
    );
    const { code, stdout } = await doctor('--simulator', '--limits', limits, '--limits-profile', 'mine');
    expect(code, stdout).toBe(0);
    expect(stdout).toContain(`profile mine, ${limits}: a person is asked beyond -0.1 to 1.2 V`);
  });

  it.each([
    ['limits', () => ['--limits', file('broken.json', '{')], /not JSON/],
    ['limits', () => ['--limits', path.join(folder, 'none.json')], /none\.json cannot be read/],
    ['limits', () => ['--limits-profile', 'tandme'], /there is no limits profile "tandme"/],
    ['tools', () => ['--exclude-tools', 'measure_vj'], /there is no tool measure_vj/],
    [
      'data folder',
      () => ['--data-dir', path.join(file('occupied', ''), 'data')],
      /trying to write failed in the data folder .*occupied/,
    ],
  ])('and fails at %s that a server would not work with', async (check, args, message) => {
    const { code, stdout } = await doctor('--simulator', ...args());
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(new RegExp(`^FAILED +${check} +.*${message.source}.*\\n +→ `, 'm'));
    expect(stdout).toMatch(/The ARKEO answers, and a server with these options would refuse to work/);
  });

  it('without leaving anything on the disk, and without sending its reader to itself', async () => {
    const well = await doctor('--simulator', '--data-dir', path.join(folder, 'new', 'data'));
    expect(well.code, well.stdout).toBe(0);
    const refused = await doctor('--port', '1', '--data-dir', folder);
    expect(refused.code, refused.stdout).toBe(1);
    expect(refused.stdout).toMatch(/→ Nothing listens there\./);
    expect(refused.stdout).not.toContain('`arkeo-mcp doctor`');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the limits file of the how-to', () => {
  const page = readFileSync(new URL('../../docs/how-to/limits-for-your-devices.md', import.meta.url), 'utf8');
  const example = /```json\r?\n([^]*?)```/.exec(page)?.[1] ?? '';

  it('is one that doctor finds well, and does what the page says', async () => {
    const limits = file('limits.json', example);
    const { code, stdout } = await doctor('--simulator', '--limits', limits);
    expect(code, stdout).toBe(0);
    const args = ['--simulator', '--limits', limits, '--data-dir', folder, '--confirm', 'hazardous'];
    const host = opened(await startHost(args));
    for (const [device_name, end_v, said] of [
      ['test', 1.3, /End \(V\) is 1\.3 V, above the soft limit of 1\.25 V/],
      ['test', 1.5, /End \(V\) is 1\.5 V, above the hard limit of 1\.4 V/],
      [
        'fragile-1',
        1.2,
        /at the step "[a-z ]+": scan_settings › scan › End \(V\) is 1\.2 V, above the hard limit of 1\.15 V\./,
      ],
    ] as const) {
      const { text } = await host.call('measure_jv', {
        device_name,
        end_v,
        area_cm2: 0.1,
        light_source: '12_led',
        irradiance_mw_cm2: 100,
      });
      expect(text).toMatch(said);
    }
  });
});

describe.skipIf(process.platform !== 'linux')('a folder that nobody can make (only Linux has /proc)', () => {
  it('does not hold up doctor', async () => {
    const { code, stdout } = await doctor('--simulator', '--data-dir', '/proc/nowhere');
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(/^FAILED +data folder +.*\/proc\/nowhere/m);
  });

  it('is refused for the log at once', async () => {
    const { code, stderr } = await run(['--log-file', '/proc/nowhere/a.log']).finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/--log-file \(ARKEO_LOG_FILE\): ENOENT/);
  });

  it('does not keep a server from working and ending', async () => {
    const server = run(['--simulator', '--data-dir', '/proc/nowhere']);
    opened({ close: () => server.child.kill('SIGKILL') });
    const send = (message: object): void =>
      void server.child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const clientInfo = { name: 'arkeo-mcp tests', version: '1' };
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
    send({ id: 1, method: 'initialize', params });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/call', params: { name: 'instrument_status', arguments: {} } });
    await server.printed(/"id":2/);
    server.child.stdin?.end();
    const { code, stderr } = await server.finished;
    expect(code).toBe(0);
    expect(stderr).toMatch(/the command log cannot be written/);
  });
});
