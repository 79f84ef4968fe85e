import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Host, startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { run } from '../helpers/server.ts';
import { tools } from '../helpers/all-in-one.ts';

const opened = closesAfterEach();
const DARK = Array.from({ length: 12 }, () => 0);
const LIT = DARK.with(4, 0.5);
const simulated = (...args: string[]) => ['--simulator', '--simulator-speed', '50', ...args];
const hostWith = async (...args: string[]): Promise<Host> => opened(await startHost(simulated(...args)));
const namesOf = async (host: Host) => (await host.listTools()).map(({ name }) => name);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'modes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = async (name: string, content: unknown): Promise<string> => {
  const full = path.join(folder, name);
  await writeFile(full, typeof content === 'string' ? content : JSON.stringify(content));
  return full;
};

describe('which tools there are', () => {
  it('--read-only: those that look and those that switch off, and that is said', async () => {
    const host = await hostWith('--read-only');
    const expected = tools.filter(({ kind }) => kind === 'read' || kind === 'safety');
    expect(await namesOf(host)).toEqual(expected.map(({ name }) => name));
    expect(host.instructions()).toContain('READ ONLY');
    expect(expected.map(({ name }) => name)).toContain('safe_shutdown');
    const gone = await host.call('led_set_values', { values: LIT }).catch((error: unknown) => error);
    expect(JSON.stringify(gone instanceof Error ? gone.message : gone)).toMatch(/not found|unknown/i);
    expect((await host.call('safe_shutdown')).isError).toBe(false);
  });

  it('--toolsets: these, and safe_shutdown', async () => {
    const host = await hostWith('--toolsets', 'led,mux');
    const expected = tools.filter(
      ({ name, toolset }) => toolset === 'led' || toolset === 'mux' || name === 'safe_shutdown',
    );
    expect(await namesOf(host)).toEqual(expected.map(({ name }) => name));
    expect(host.instructions()).toContain('Not all tools are offered');
  });

  it('--exclude-tools: all but these, and never without safe_shutdown', async () => {
    const host = await hostWith('--exclude-tools', 'measure_jv, safe_shutdown');
    expect(await namesOf(host)).toEqual(
      tools.map(({ name }) => name).filter((name) => name !== 'measure_jv'),
    );
  });

  it('a name that no tool has ends the server with the reason', async () => {
    const { code, stderr, stdout } = await run(simulated('--exclude-tools', 'measure_j')).finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/--exclude-tools \(ARKEO_EXCLUDE_TOOLS\): there is no tool measure_j\b/);
    expect(stdout).toBe('');
  });

  it('a wrong toolset, hazard or occasion ends it too', async () => {
    for (const [flag, value] of [
      ['--toolsets', 'laser'],
      ['--allow', 'everything'],
      ['--confirm', 'sometimes'],
      ['--on-exit', 'stay'],
    ] as const) {
      const { code, stderr } = await run(simulated(flag, value)).finished;
      expect(code).toBe(1);
      expect(stderr).toContain(flag);
    }
  });
});

describe('limits that cannot be read', () => {
  it.each([
    [
      'a file that is missing',
      async () => [path.join(folder, 'nowhere.json')],
      /nowhere\.json cannot be read/,
    ],
    ['a file that is not JSON', async () => [await file('a.json', '{"profiles": ')], /not JSON/],
    [
      'a member that there is not',
      async () => [await file('b.json', { profile: {} })],
      /unknown: profile .*; known/,
    ],
    [
      'a profile that there is not',
      async () => [await file('c.json', {}), '--limits-profile', 'cells'],
      /no limits profile "cells"/,
    ],
  ])('%s: reading and switching off work, and nothing else, with the reason', async (_, args, reason) => {
    const host = await hostWith('--limits', ...(await args()));
    for (const [name, arguments_] of [
      ['led_set_values', { values: LIT }],
      ['main_start_routine', { routine: 'JV' }],
      ['measure_jv', {}],
      ['set_light', { preset: 'sun' }],
      ['mux_connect', {}],
    ] as const) {
      const refused = await host.call(name, arguments_);
      expect(refused.error, refused.text).toMatchObject({ code: 'no_limits', outcome: 'not_sent' });
      expect(refused.text).toMatch(reason);
    }
    const status = await host.call('instrument_status');
    expect(status.isError).toBe(false);
    expect(status.text).toMatch(/NOTHING CAN BE CHANGED/);
    expect(status.text).toMatch(reason);
    for (const [name, arguments_] of [
      ['led_set_values', { values: DARK }],
      ['set_light', { preset: 'off' }],
      ['set_stage_temperature', { control: 'off' }],
      ['tmpctl_set_enable', { enable: false }],
      ['select_device', { relay: 0 }],
      ['safe_shutdown', { scope: 'everything' }],
    ] as const) {
      const done = await host.call(name, arguments_);
      expect(done.isError, done.text).toBe(false);
    }
  });
});

describe('limits of a file', () => {
  it('apply, and tighter ones to devices by the name that was given last', async () => {
    const limits = await file('d.json', {
      profiles: { single_junction: { led_level: { soft: 0.6, hard: 0.6 } } },
      devices: [{ pattern: 'fragile-*', limits: { voltage_v: { soft: [-0.1, 1], hard: [-0.1, 1] } } }],
    });
    const host = await hostWith('--limits', limits);
    expect((await host.call('led_set_values', { values: LIT })).isError).toBe(false);
    const bright = await host.call('led_set_values', { values: DARK.with(4, 0.7) });
    expect(bright.error, bright.text).toMatchObject({ code: 'limit_exceeded' });
    expect(bright.text).toContain('hard limit of 0.6');
    await host.call('led_set_values', { values: DARK });
    const fragile = await host.call('measure_jv', { device_name: 'FRAGILE-7', wait_s: 20 });
    expect(fragile.error, fragile.text).toMatchObject({ code: 'limit_exceeded' });
    const robust = await host.call('measure_jv', { device_name: 'robust', wait_s: 20 });
    expect(robust.isError, robust.text).toBe(false);
    // By single commands the name goes with routine_set_info.
    expect((await host.call('routine_start_measurement')).isError).toBe(false);
    await host.call('routine_stop_measurement');
    await host.call('routine_set_info', { device_name: 'fragile-8' });
    const started = await host.call('routine_start_measurement');
    expect(started.error, started.text).toMatchObject({ code: 'limit_exceeded' });
  });

  it('the example of the repository is one', async () => {
    const host = await hostWith('--limits', 'limits.example.json', '--limits-profile', 'minimodule');
    expect((await host.call('set_light', { preset: 'off' })).isError).toBe(false);
    const refused = await host.call('main_start_routine', { routine: 'TCSPC' });
    expect(refused.error, refused.text).toMatchObject({ code: 'limit_exceeded' });
  });
});

describe('the log of commands', () => {
  it('has every command in order, for whom it was, and what became of it; each server has its own', async () => {
    const data = await mkdtemp(path.join(folder, 'data-'));
    const [one, two] = [
      await hostWith('--data-dir', data, '--confirm', 'hazardous'),
      await hostWith('--data-dir', data),
    ];
    await one.call('led_set_values', { address: 1, values: LIT });
    await one.call('luminescence_acquire_dark');
    await one.call('measure_jv', { wait_s: 20, rate_v_s: 2 });
    await two.call('mux_get_status');
    const log = await one.call('get_command_log', { limit: 200 });
    expect(log.structured).toMatchObject({
      commands: expect.arrayContaining([
        expect.objectContaining({ command: 'LED.SetValues', outcome: 'ok', tool: 'led_set_values' }),
        expect.objectContaining({ command: 'ROUTINE.StartMeasurement', outcome: 'ok', tool: 'measure_jv' }),
      ]),
    });
    expect(log.text).not.toContain('GetStatus');
    expect((await one.call('get_command_log', { reads: true, limit: 5 })).text.split('\n')).toHaveLength(5);
    await one.close();
    await two.close();
    const names = await readdir(path.join(data, 'log'));
    expect(names).toHaveLength(2);
    const files = await Promise.all(
      names.map(async (name) =>
        (await readFile(path.join(data, 'log', name), 'utf8'))
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>),
      ),
    );
    const [first, second] = files.toSorted((a, b) => b.length - a.length);
    expect(second?.map(({ target, command }) => `${String(target)}.${String(command)}`)).toEqual([
      'MUX.GetStatus',
    ]);
    const changes = (first ?? []).filter(({ command }) => !String(command).startsWith('Get'));
    expect(changes.map(({ command, tool, outcome }) => [command, tool, outcome])).toEqual([
      ['SetValues', 'led_set_values', 'ok'],
      ['StartRoutine', 'measure_jv', 'ok'],
      ['ApplySettings', 'measure_jv', 'ok'],
      ['StartMeasurement', 'measure_jv', 'ok'],
      // At the end of the server. The run was seen over at two looks: nothing is told to stop.
      ['SetValues', null, 'ok'],
      ['CloseRoutine', null, 'ok'],
    ]);
    expect(changes[0]).toMatchObject({ host: 'arkeo-mcp tests 1', job: null, parameter: { values: LIT } });
    expect(changes[3]?.['job']).toEqual(expect.any(String));
    const times = (first ?? []).map(({ at }) => String(at));
    expect(times).toEqual(times.toSorted());
  });

  it('is on the disk while the server runs: reads by themselves, and before what changes something', async () => {
    const data = await mkdtemp(path.join(folder, 'data-'));
    const host = await hostWith('--data-dir', data);
    const written = async (): Promise<unknown[]> => {
      const [name = ''] = await readdir(path.join(data, 'log'));
      const lines = (await readFile(path.join(data, 'log', name), 'utf8')).trim().split('\n');
      return lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['command']);
    };
    await host.call('mux_get_status');
    await vi.waitFor(async () => expect(await written()).toEqual(['GetStatus']), 5000);
    await host.call('main_get_active_routine');
    await host.call('led_set_values', { address: 1, values: LIT });
    await vi.waitFor(async () => expect(await written()).toContain('SetValues'), 5000);
    const all = await written();
    expect(all.slice(0, 2)).toEqual(['GetStatus', 'GetActiveRoutine']);
    expect(all.indexOf('SetValues')).toBeGreaterThan(1);
  });

  it('that cannot be written stops nothing', async () => {
    const blocked = await file('no-folder', '');
    const host = await hostWith('--data-dir', blocked);
    const done = await host.call('led_set_values', { values: LIT });
    expect(done.isError, done.text).toBe(false);
    expect((await host.call('get_command_log')).text).toContain('LED.SetValues');
  });
});
