import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openCircuitVoltage, REFERENCE_CELL } from '../../src/simulator/physics/device.ts';
import { createPixels } from '../../src/simulator/physics/sample.ts';
import { Random } from '../../src/simulator/random.ts';
import { thermalVoltage } from '../../src/science/reference/constants.ts';
import { type Host, startHost } from '../helpers/hosts.ts';
import { type Call, callsIn } from './calls.ts';

/** Done as a prompt says, with the calls that stand in it. */
const SPEED = '100';
let folder: string;
let host: Host;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arkeo-mcp-walks-'));
  host = await startHost(['--simulator', '--simulator-speed', SPEED, '--data-dir', folder]);
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

const ONE_SUN = { suns: 1, celsius: 25 };
const T25 = 298.15;
const measured = z.looseObject({
  state: z.string(),
  measurement_id: z.string(),
  metrics: z.array(z.looseObject({ name: z.string(), values: z.record(z.string(), z.number().nullable()) })),
});

/** Calls a tool, and waits as every prompt says. */
async function done({ tool, args }: Call): Promise<Record<string, unknown>> {
  let answer = await host.call(tool, args);
  while (answer.structured?.['state'] === 'running') answer = await host.call('wait_for_measurement');
  expect(answer.isError, `${tool} ${JSON.stringify(args)}: ${answer.text}`).toBe(false);
  return answer.structured ?? {};
}

/** Mean over the directions. */
function figure(answer: Record<string, unknown>, name: string): number {
  const values = Object.values(
    measured.parse(answer).metrics.find((metric) => metric.name === name)?.values ?? {},
  ).flatMap((value) => value ?? []);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Calls of a prompt where `<name>` is filled in; an answer to whatever it asks is among the arguments. */
function filled(text: string, values: Readonly<Record<string, string | number>>): (tool: string) => Call {
  const full = Object.entries(values).reduce(
    (filling, [name, value]) => filling.replaceAll(`<${name}>`, String(value)),
    text,
  );
  const calls = callsIn(full);
  return (tool) => {
    const found = calls.find((call) => call.tool === tool);
    if (found === undefined) throw new Error(`the prompt does not call ${tool}`);
    return found;
  };
}

describe('screen_pixels', () => {
  it('finds the pixels without contact and ranks the others as they are', async () => {
    const text = await host.getPrompt('screen_pixels', { device_name: 'B12', area_cm2: '0.1' });
    await done(filled(text, {})('instrument_status'));
    const bad = new Map<number, string>();
    const jvs: { relay: number; efficiency: number; voc: number; jsc: number; id: string }[] = [];
    for (let relay = 1; relay <= 8; relay += 1) {
      const call = filled(text, { relay, 'Voc + 0.1, e.g. 1.15': 1.15 });
      expect(await done(call('select_device'))).toMatchObject({ closed: [relay] });
      const contact = await done(call('check_contact'));
      if (figure(contact, 'contact_ok') !== 1) {
        bad.set(relay, JSON.stringify(contact));
        continue;
      }
      const jv = await done(call('measure_jv'));
      expect(measured.parse(jv).measurement_id).toContain(`_JV_B12-${relay}_`);
      jvs.push({
        relay,
        efficiency: figure(jv, 'efficiency'),
        voc: figure(jv, 'voc'),
        jsc: figure(jv, 'jsc'),
        id: measured.parse(jv).measurement_id,
      });
    }
    expect([...bad.keys()]).toEqual([4, 6, 7]);
    for (const [relay, word] of [
      [4, 'contact short'],
      [6, 'contact high resistance'],
      [7, 'contact open'],
    ] as const)
      expect(bad.get(relay)).toContain(word);
    const pixels = createPixels(new Random(1));
    for (const { relay, voc, jsc } of jvs) {
      const cell = pixels[relay - 1]?.cell ?? REFERENCE_CELL;
      expect(Math.abs(voc - openCircuitVoltage(cell, ONE_SUN))).toBeLessThan(0.01);
      expect(jsc / (cell.jsc * 1e3)).toBeCloseTo(1, 1);
    }
    const ranked = jvs.toSorted((a, b) => b.efficiency - a.efficiency);
    const drawn = await host.call('plot_measurements', { ids: ranked.map(({ id }) => id) });
    expect(drawn.isError, drawn.text).toBe(false);
    expect(await done(filled(text, {})('safe_shutdown'))).toMatchObject({ simulated: true });
    expect(await host.call('mux_get_status')).toMatchObject({
      text: expect.stringContaining('all relays open'),
    });
  });
});

describe('light_dependence', () => {
  it('gives the ideality of the cell', async () => {
    const text = await host.getPrompt('light_dependence', {
      device_name: 'Cell A',
      area_cm2: '0.1',
      relay: '1',
      light_levels_percent: '100,10,30',
    });
    expect(text).toContain('10, 30, 100 %');
    await done(filled(text, {})('select_device'));
    await done(filled(text, {})('check_contact'));
    const points: { lnJsc: number; voc: number }[] = [];
    for (const level of [10, 30, 100]) {
      const jv = await done(filled(text, { level })('measure_jv'));
      points.push({ lnJsc: Math.log(figure(jv, 'jsc')), voc: figure(jv, 'voc') });
    }
    const [first, , last] = points;
    if (first === undefined || last === undefined) throw new Error('three levels were measured');
    const slope = (last.voc - first.voc) / (last.lnJsc - first.lnJsc);
    expect(slope / thermalVoltage(T25) / REFERENCE_CELL.ideality).toBeCloseTo(1, 1);
  });
});

describe('stop_everything', () => {
  it('stops the measurement at once, and light, relays and heating are off', async () => {
    await done({ tool: 'select_device', args: { relay: 2 } });
    await done({ tool: 'set_light', args: { preset: 'sun' } });
    await host.call('set_stage_temperature', { temperature_c: 40, wait_s: 0 });
    const begun = await host.call('measure_stabilised_power', {
      device_name: 'Cell A',
      duration_s: 3600,
      light_source: 'external',
      wait_s: 2,
    });
    expect(begun.structured, begun.text).toMatchObject({ state: 'running' });
    const text = await host.getPrompt('stop_everything');
    const [shutdown, look] = callsIn(text);
    expect(shutdown).toEqual({ tool: 'safe_shutdown', args: { scope: 'ours' } });
    await done(filled(text, {})('safe_shutdown'));
    const status = await host.call(look?.tool ?? '');
    expect(status.structured).toMatchObject({
      routine_status: 'Ready',
      leds: [{ levels: {} }],
      relays: { closed: [] },
      temperatures: [{ active: false }],
    });
    const kept = await host.call('wait_for_measurement');
    expect(kept.structured, kept.text).toMatchObject({ state: 'stopped' });
  });
});
