import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { drawnFiles } from '../../scripts/session.ts';
import { begun, interrupted, parts, recover, startAndEnd, stateOf } from '../helpers/interrupted.ts';
import { type Answered, idOf, type Rig, startRig } from '../helpers/measuring.ts';

/** What the archive has as applied to the measurement that was answered. */
async function appliedOf({ tools }: Rig, answer: Answered) {
  expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
  const { applied } = (await tools.archive.read(idOf(answer))).record;
  if (applied === null) throw new Error('nothing is noted as applied');
  return applied;
}

const measured = async (rig: Rig, tool: string, args = {}) =>
  appliedOf(rig, await rig.tools.call(tool, { ...args, wait_s: 50 }));

describe.concurrent('the record has what was applied', () => {
  it('of a luminescence measurement: which laser, how strong, and each time it was on', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished);
    const laser = { laser_percent: 10, laser_channel: 2 };
    const { values, switched_on: switched } = await measured(rig, 'measure_luminescence', laser);
    expect(values).toMatchObject({
      laser_percent: { value: 10, unit: '%', source: 'asked' },
      laser_channel: { value: 2, unit: '', source: 'asked' },
      laser_hz: { value: null, source: 'default' },
      auto_exposure: { value: true, source: 'default' },
      integration_ms: { unit: 'ms', source: 'measured' },
      averages: { source: 'measured' },
    });
    expect(values['integration_ms']?.value).toBeGreaterThan(0);
    // Off for the dark spectrum in between.
    const on = { what: 'laser', detail: 'channel 2, 10 %', off: 'acknowledged' };
    expect(switched).toMatchObject([on, on]);
    for (const { on_at: from, off_at: to } of switched)
      expect(Date.parse(to ?? '')).toBeGreaterThanOrEqual(Date.parse(from));
  });

  it('of a JV: asked, as the instrument had it, and the light that it switched itself', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished);
    const asked = { light_source: '12_led', end_v: 1.15, irradiance_mw_cm2: 100 };
    const { values, switched_on: switched } = await measured(rig, 'measure_jv', {
      ...asked,
      settings: { scan_settings: { scan: { 'Rate (V/s)': 0.4 } } },
    });
    expect(values).toMatchObject({
      end_v: { value: 1.15, unit: 'V', source: 'asked' },
      rate_v_s: { value: 0.4, unit: 'V/s', source: 'asked' },
      start_v: { value: -0.2, unit: 'V', source: 'instrument' },
      irradiance_mw_cm2: { value: 100, unit: 'mW/cm²', source: 'asked' },
      area_cm2: { value: 0.1, unit: 'cm²', source: 'assumed' },
    });
    expect(switched).toMatchObject([{ what: 'light', detail: '12 LED, 100 %', off: 'read_back' }]);
    const again = await measured(rig, 'measure_jv', { area_cm2: 0.25, device_name: 'A1' });
    expect(again.values).toMatchObject({
      irradiance_mw_cm2: { value: 100, source: 'assumed' },
      area_cm2: { value: 0.25, source: 'asked' },
    });
    const third = await measured(rig, 'measure_jv', { note: 'the same sample' });
    expect(third.values['area_cm2']).toMatchObject({ value: 0.25, source: 'asked' });
  });

  it('and the answers, the comparison, the table, the text file and the picture show it', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished);
    const pl = (percent: number) =>
      rig.tools.call('measure_luminescence', { laser_percent: percent, laser_channel: 2, wait_s: 50 });
    const answers = [await pl(1), await pl(10)];
    const asked = { laser_percent: 10, laser_channel: 2 };
    expect(answers[1]?.structured).toMatchObject({ applied: { asked } });
    const ids = answers.map(idOf);
    expect((await rig.tools.call('get_measurement', { id: ids[1] })).structured).toMatchObject({
      applied: { asked },
      switched_on: [{ what: 'laser' }, { what: 'laser' }],
    });
    const compared = await rig.tools.call('compare_measurements', { ids });
    expect(JSON.stringify(compared.structured)).toContain('laser_percent: 1 | 10');
    const [csv, text] = await Promise.all(
      ['csv', 'arkeo_text'].map(async (format) => {
        const { structured } = await rig.tools.call('export_measurement', { id: ids[1], format });
        return readFileSync(z.object({ path: z.string() }).parse(structured).path, 'utf8');
      }),
    );
    const [heading = '', row = ''] = csv?.split('\r\n') ?? [];
    expect(row.split(',')[heading.split(',').indexOf('Applied laser_percent')]).toBe('10');
    expect(text).toMatch(/laser_percent\t10 %, asked/);
    const { svg } = drawnFiles((await rig.tools.call('plot_measurements', { ids })).text);
    expect(readFileSync(svg, 'utf8')).toContain('laser_percent 10');
  });

  it('and an answer marks ASSUMED what figures rest on and nobody stated', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished);
    const light = { light_source: '12_led', light_level_percent: 100, wait_s: 50 };
    const { structured } = await rig.tools.call('measure_jv', light);
    expect(structured).toMatchObject({ applied: { ASSUMED: { area_cm2: 0.1, irradiance_mw_cm2: 100 } } });
    const stated = { ...light, area_cm2: 0.1, irradiance_mw_cm2: 100 };
    expect((await rig.tools.call('measure_jv', stated)).structured).not.toHaveProperty('applied.ASSUMED');
  });

  it('of Connection Test: the voltages of ours, and the output', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished);
    const { values, switched_on: switched } = await measured(rig, 'check_contact');
    expect(values).toMatchObject({ forward_v: { value: 1.15, unit: 'V', source: 'default' } });
    const output = { what: 'output', detail: '0 V, then 0.1 V, then 1.15 V', off: 'acknowledged' };
    expect(switched).toMatchObject([output]);
    const held = await measured(rig, 'measure_stabilised_power', {
      hold_v: 0.9,
      duration_s: 5,
      light_source: 'external',
    });
    expect(held.values).toMatchObject({
      hold_v: { value: 0.9, unit: 'V', source: 'asked' },
      duration_s: { value: 5, unit: 's', source: 'asked' },
      irradiance_mw_cm2: { value: null },
    });
    expect(held.switched_on).toMatchObject([{ what: 'output', detail: '0.9 V', off: 'acknowledged' }]);
  });

  it('of a sheet resistance: the currents, and the probe spacing that nobody stated', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished);
    const { values, switched_on: switched } = await measured(rig, 'measure_sheet_resistance', {
      thickness_um: 0.5,
    });
    expect(values).toMatchObject({
      first_current_a: { value: 1e-7, unit: 'A', source: 'default' },
      thickness_um: { value: 0.5, unit: 'µm', source: 'asked' },
      length_mm: { unit: 'mm', source: 'assumed' },
      probe_spacing_mm: { value: 1, unit: 'mm', source: 'assumed' },
    });
    expect(switched).toMatchObject([{ what: 'output', off: 'acknowledged' }]);
    expect(switched[0]?.detail).toMatch(/^1e-7 A, then 0\.000001 A/);
  });

  it('of an EQE: whether the lamp was calibrated here', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 200 });
    const range = { start_nm: 400, end_nm: 800, step_nm: 20 };
    const before = await measured(rig, 'measure_eqe', range);
    expect(before.values['eqe_calibration']).toMatchObject({ value: null, source: 'assumed' });
    expect(before.switched_on).toMatchObject([{ what: 'shutter', off: null }]);
    const calibrated = await rig.tools.call('ipce_start_calibration');
    expect(calibrated.isError, calibrated.text).toBe(false);
    await rig.untilStatus('Ready');
    const after = await measured(rig, 'measure_eqe', { ...range, step_nm: 25 });
    expect(after.values['eqe_calibration']).toMatchObject({ source: 'measured' });
  });

  it('of a dark JV by any tool: the temperature that its ideality rests on', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished);
    const { values } = await measured(rig, 'measure_routine', { routine: 'Dark JV' });
    expect(values['temperature_c']).toMatchObject({ unit: '°C' });
    expect(values['routine']).toMatchObject({ value: 'Dark JV', source: 'asked' });
  });
});

describe.concurrent('recovery', () => {
  it('keeps what was noted at the start, and completes it', async ({ onTestFinished }) => {
    const noted = {
      values: {
        end_v: { value: 1.2, unit: 'V', source: 'asked' as const },
        hold_v: { value: 0.9, unit: 'V', source: 'measured' as const, note: 'V_mpp of an earlier one' },
      },
      switched_on: [
        {
          what: 'laser' as const,
          detail: 'channel 1',
          on_at: '2026-01-01T00:00:00Z',
          off_at: null,
          off: null,
        },
      ],
    };
    const { rig, entry } = await interrupted(onTestFinished, { changes: { applied: noted } });
    const answer = await recover(rig);
    expect(answer.isError, answer.text).toBe(false);
    expect(await stateOf(rig, entry)).toBe('complete');
    const { applied } = (await rig.tools.archive.read(entry.id)).record;
    expect(applied).toMatchObject({
      values: { ...noted.values, rate_v_s: { unit: 'V/s', source: 'instrument' } },
      switched_on: noted.switched_on,
    });
  });

  it('fills it in for entries that are older than it', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50, parts });
    rig.other('MAIN', 'StartRoutine', { routine: 'JV' });
    await rig.untilStatus('Ready');
    const entry = await begun(rig, { request: { end_v: 1.2 } });
    await startAndEnd(rig);
    const answer = await recover(rig);
    expect(answer.isError, answer.text).toBe(false);
    const { applied } = (await rig.tools.archive.read(entry.id)).record;
    expect(applied?.values).toMatchObject({
      end_v: { value: 1.2, source: 'asked' },
      step_v: { value: 0.02, source: 'instrument' },
      area_cm2: { value: 0.1, source: 'asked' },
    });
  });
});
