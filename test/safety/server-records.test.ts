import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closesAfterEach } from '../helpers/open.ts';
import { startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const opened = closesAfterEach();

const newFolder = (): string => mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'records-'));

/** A server beside whose data folder lie the records of servers that are gone. */
async function beside(plant: (servers: string, instrument: string) => void) {
  const instrument = opened(await startStateful());
  const dataFolder = newFolder();
  const servers = path.join(dataFolder, 'servers');
  mkdirSync(servers);
  plant(servers, `127.0.0.1:${instrument.port}`);
  const tools = opened(toolsOn(instrument.port, {}, 5000, { parts: { dataFolder, isAlive: () => false } }));
  return {
    ...tools,
    dataFolder,
    instrument,
    lasers: () => instrument.received.filter(({ command }) => command === 'SetLaser'),
  };
}

const record = (instrument: string, more: Record<string, unknown>): string =>
  JSON.stringify({
    host: 'there',
    pid: 4711,
    instrument,
    at: '2026-11-01T00:00:00.000Z',
    ended: false,
    ...more,
  });

const LASER = { kind: 'laser', routine: null, channel: 1, port: null, form: 'intensity' };

describe('what a record on the disk says', () => {
  it('names a thing, whose off form is that of the code', async () => {
    const { call, lasers } = await beside((servers, at) =>
      writeFileSync(path.join(servers, 'a.json'), record(at, { on: [LASER] })),
    );
    expect((await call('instrument_status')).structured).toMatchObject({
      left_over: [expect.stringMatching(/^laser channel 1 \(by there, process 4711/)],
    });
    const off = await call('safe_shutdown', { scope: 'everything' });
    expect(off.structured).toMatchObject({ safe: true });
    expect(lasers().map(({ parameter }) => parameter)).toEqual([{ channel: 1, intensity: 0 }]);
    expect((await call('instrument_status')).structured).toMatchObject({ left_over: [], unverified: [] });
  });

  it.each<[string, Record<string, unknown>]>([
    ['an off form of its own', { on: [{ ...LASER, off: { channel: 1, intensity: 100 } }] }],
    [
      'the form of earlier versions',
      {
        on: ['laser channel 1'],
        lasers: [{ name: 'channel 1', off: { channel: 1, intensity: 100 }, dutyCycleOnly: false }],
      },
    ],
    ['a form that is none', { on: [{ ...LASER, form: 'full power' }] }],
    ['a channel that is none', { on: [{ ...LASER, channel: '1' }] }],
    ['a thing that is not known', { on: [{ kind: 'flash lamp' }] }],
  ])('is reported and never sent: %s', async (_, more) => {
    const { call, instrument } = await beside((servers, at) =>
      writeFileSync(path.join(servers, 'a.json'), record(at, more)),
    );
    const off = await call('safe_shutdown', { scope: 'everything' });
    expect(off.structured).toMatchObject({
      safe: false,
      alarms: [expect.stringContaining('there, process 4711')],
    });
    expect(instrument.received.filter(({ command }) => command.startsWith('Set'))).toEqual([]);
    expect((await call('instrument_status')).structured).toMatchObject({
      left_over: [expect.stringContaining('there, process 4711')],
    });
  });

  it.each<[string, (file: string) => void]>([
    ['no JSON', (file) => writeFileSync(file, '{"host":')],
    ['no record', (file) => writeFileSync(file, '{"on":true}')],
    ['too long', (file) => writeFileSync(file, `"${'x'.repeat(70_000)}"`)],
    ['a folder', (file) => mkdirSync(file)],
    [
      'a link out of the folder',
      (file) => {
        const elsewhere = path.join(newFolder(), 'b.json');
        writeFileSync(elsewhere, record('', { on: [LASER] }));
        symlinkSync(elsewhere, file);
      },
    ],
    ...(process.platform === 'win32'
      ? []
      : [['a pipe', (file: string) => void execFileSync('mkfifo', [file])] as const].map(
          ([name, make]): [string, (file: string) => void] => [name, make],
        )),
  ])('that cannot be read is not called safe: %s', async (_, make) => {
    const { call, lasers } = await beside((servers) => make(path.join(servers, 'a.json')));
    const status = await call('instrument_status');
    expect(status.structured).toMatchObject({
      unavailable: expect.arrayContaining([expect.stringMatching(/a\.json" cannot be read/)]),
    });
    const off = await call('safe_shutdown', { scope: 'everything' });
    expect(off.structured).toMatchObject({ safe: false });
    expect(lasers()).toEqual([]);
  });

  it('is neither read nor written where the folder of records is a link to elsewhere', async () => {
    const elsewhere = newFolder();
    const instrument = opened(await startStateful());
    writeFileSync(path.join(elsewhere, 'a.json'), record(`127.0.0.1:${instrument.port}`, { on: [LASER] }));
    const dataFolder = newFolder();
    symlinkSync(elsewhere, path.join(dataFolder, 'servers'), 'junction');
    const { call, records } = opened(
      toolsOn(instrument.port, {}, 5000, { parts: { dataFolder, isAlive: () => false } }),
    );
    await call('led_set_values', { address: 1, values: [1, ...Array.from({ length: 11 }, () => 0)] });
    await records.end();
    expect((await call('safe_shutdown', { scope: 'everything' })).structured).toMatchObject({
      safe: false,
      alarms: [expect.stringContaining('which is a link')],
    });
    expect(instrument.received.filter(({ command }) => command === 'SetLaser')).toEqual([]);
    expect(readFileSync(path.join(elsewhere, 'a.json'), 'utf8')).toContain('"laser"');
  });

  it('switches nothing on, whatever it says', { timeout: 60_000 }, async () => {
    const kinds = fc.constantFrom('run', 'leds', 'laser', 'relays', 'heater', 'shutter', 'other');
    const value = fc.oneof(
      fc.constantFrom(null, true, false, 0, 1, 100, 'intensity', 'duty_cycle', 'enabled', 'laser', 'state'),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const names = ['routine', 'channel', 'port', 'form', 'address', 'count', 'key', 'id', 'off', 'intensity'];
    const thing = fc
      .tuple(kinds, fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 }))
      .map(([kind, members]) => ({ kind, ...members }));
    const laser = fc.record({
      kind: fc.constant('laser'),
      routine: fc.constantFrom(null, 'JV', 'Luminescence'),
      channel: fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 300 })),
      port: fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 300 })),
      form: fc.constantFrom('intensity', 'duty_cycle', 'enabled', 'laser', 'on'),
    });
    const on = fc.array(fc.oneof(thing, laser, fc.jsonValue({ maxDepth: 2 })), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(on, on, async (left, unverified) => {
        const { call, instrument, close } = await beside((servers, at) =>
          writeFileSync(path.join(servers, 'a.json'), record(at, { on: left, unverified })),
        );
        await call('safe_shutdown', { scope: 'everything' });
        for (const { command, parameter = {} } of instrument.received) {
          if (!/^(Set|Start|Apply|Connect)/.test(command)) continue;
          const { channel: _, port_id: __, ...rest } = parameter;
          expect([
            { intensity: 0 },
            { enabled: false },
            { laser: false },
            { shutter_status: false },
          ]).toContainEqual(rest);
        }
        close();
      }),
      { numRuns: 40 },
    );
  });
});
