import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { type Hook, LIT, ok, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const opened = closesAfterEach();

/** Commands that switch off, by what they switch off: the instrument says yes to them and does nothing. */
const OFF: Record<string, (parameter: Record<string, unknown>) => boolean> = {
  'LED.SetValues': ({ values }) => Array.isArray(values) && values.every((value) => value === 0),
  'MUX.SetStatus': ({ state }) => Array.isArray(state) && !state.includes(true),
  'TMPCTL.SetEnable': ({ enable }) => enable === false,
  'ROUTINE.StopMeasurement': () => true,
};
const saysYes: Hook = (name, { parameter = {} }) => (OFF[name]?.(parameter) === true ? ok() : undefined);

/** Switches all of it on, one after the other. */
const ON = [
  ['led_set_values', { address: 1, values: LIT }],
  ['mux_set_status', { state: [true, false, false, false] }],
  ['tmpctl_set_controller', { address: 1, channel: 1 }],
  ['tmpctl_set_enable', { enable: true }],
  ['routine_start_measurement', {}],
] as const;
const OURS = ['LED board 1', 'relays', 'temperature control 1/1', 'a measurement'];

describe('an off that is acknowledged and not done', () => {
  it('is never called off, and is sent again by every safe_shutdown', async () => {
    const instrument = opened(await startStateful(saysYes));
    const { call } = opened(toolsOn(instrument.port));
    for (const [name, args] of ON) expect((await call(name, args)).isError).toBe(false);
    for (const scope of ['ours', 'ours', 'everything']) {
      const before = instrument.received.length;
      const off = await call('safe_shutdown', { scope });
      expect(off.structured).toMatchObject({ safe: false });
      const failed = z
        .array(z.looseObject({ step: z.string(), result: z.string() }))
        .parse(off.structured['steps'])
        .flatMap(({ step, result }) => (result === 'FAILED' ? [step] : []));
      expect(failed).toEqual(['leds', 'ready', 'relays', 'temperature control']);
      const sent = instrument.received
        .slice(before)
        .flatMap(({ target, command }) => (`${target}.${command}` in OFF ? [`${target}.${command}`] : []));
      expect(new Set(sent)).toEqual(new Set(Object.keys(OFF)));
      expect((await call('instrument_status')).structured).toMatchObject({ ours: OURS });
    }
  });

  it('is off once it reads back so, however it went off', async () => {
    const instrument = opened(await startStateful(saysYes));
    const { call } = opened(toolsOn(instrument.port));
    for (const [name, args] of ON) await call(name, args);
    await call('safe_shutdown');
    // A person does it at the screen.
    const { state } = instrument;
    Object.assign(state, { leds: { 1: LIT.map(() => 0), 2: LIT.map(() => 0) }, running: false });
    state.relays = state.relays.map(() => false);
    state.heating = [false, false];
    expect((await call('instrument_status')).structured).toMatchObject({ ours: [] });
    expect((await call('safe_shutdown')).structured).toMatchObject({ safe: true });
  });

  it('is in the record and in the report of the next server after its end', async () => {
    const instrument = opened(await startStateful(saysYes));
    const folder = mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'not-done-'));
    const args = ['--port', String(instrument.port), '--data-dir', folder];
    const host = await startHost(args);
    for (const [name, given] of ON) await host.call(name, given);
    await host.call('safe_shutdown');
    await host.close();
    const [name = ''] = readdirSync(path.join(folder, 'servers'));
    const record = z
      .looseObject({ on: z.array(z.looseObject({ kind: z.string() })), ended: z.boolean() })
      .parse(JSON.parse(readFileSync(path.join(folder, 'servers', name), 'utf8')));
    expect(record.ended).toBe(true);
    expect(record.on.map(({ kind }) => kind)).toEqual(['leds', 'relays', 'heater', 'run']);
    const next = opened(await startHost(args));
    const status = await next.call('instrument_status');
    expect(status.structured).toMatchObject({ left_over: [expect.stringContaining(OURS.join(', '))] });
  });
});
