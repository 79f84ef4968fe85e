import { describe, expect, it } from 'vitest';
import { SUN_LEVELS } from '../../src/instrument/commands/led.ts';
import { type Rig, startRig } from '../helpers/measuring.ts';
import { DARK } from '../helpers/stateful-instrument.ts';

const NO_RELAY = 'no relay is closed';
const lightAt = (values: readonly number[]) => (rig: Rig) =>
  void rig.other('LED', 'SetValues', { address: 1, values });
const sun = (level: number) => lightAt(SUN_LEVELS.map((full) => full * level));

async function notesOf(
  tool: string,
  args: Record<string, unknown>,
  before: (rig: Rig) => void = () => undefined,
): Promise<string> {
  const closes: (() => Promise<void>)[] = [];
  try {
    const rig = await startRig((close) => closes.push(close), { speed: 50 });
    before(rig);
    const answer = await rig.tools.call(tool, { ...args, wait_s: 50 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    return JSON.stringify(answer.structured['warnings']);
  } finally {
    for (const close of closes) await close();
  }
}

const relay = (number: number) => (rig: Rig) =>
  void rig.other('MUX', 'SetStatus', { state: Array.from({ length: 8 }, (_, i) => i + 1 === number) });

describe('relays', () => {
  it.concurrent('none closed is said, and what to do', async () => {
    expect(await notesOf('measure_jv', { light_source: '12_led' })).toMatch(
      /no relay is closed: right if [^"]*select_device/,
    );
  });

  it.concurrent.each([
    ['one closed', relay(1)],
    ['a multiplexer that is not connected', (rig: Rig) => void rig.other('MUX', 'Disconnect')],
  ])('nothing is said with %s', async (_, before) => {
    expect(await notesOf('measure_jv', { light_source: '12_led' }, before)).not.toContain(NO_RELAY);
  });

  it.concurrent.each(['measure_luminescence', 'measure_sheet_resistance'])(
    'nothing is said by %s, which does not go through them',
    async (tool) => {
      expect(await notesOf(tool, {})).not.toContain(NO_RELAY);
    },
  );
});

describe('external light', () => {
  const external = { light_source: 'external', irradiance_mw_cm2: 100 };
  it.concurrent.each([
    ['all LEDs off', external, lightAt(DARK), /all LEDs are off: a lamp is taken to give 100 mW\/cm²/],
    [
      'a third of a sun',
      external,
      sun(0.33),
      /100 mW\/cm² was stated, but the LEDs are at 33 % of the sun mix/,
    ],
    ['one colour', external, lightAt(DARK.with(4, 0.5)), /with a mix that is not the sun's: 100 mW\/cm²/],
    [
      'half a level of the wrong sun',
      { ...external, light_level_percent: 50 },
      sun(1),
      /50 mW\/cm² was stated, but the LEDs are at 100 % of the sun mix/,
    ],
  ])('that contradicts the LEDs is doubted: %s', async (_, args, before, says) => {
    expect(await notesOf('measure_jv', args, before)).toMatch(says);
  });

  it.concurrent.each([
    ['one sun', external, sun(1)],
    ['0.3 suns', { ...external, irradiance_mw_cm2: 30 }, sun(0.3)],
    ['another source', { light_source: '12_led', irradiance_mw_cm2: 30 }, lightAt(DARK)],
  ])('that agrees is not: %s', async (_, args, before) => {
    expect(await notesOf('measure_jv', args, before)).not.toMatch(/LEDs are|mix that/);
  });

  it.concurrent('holds while a voltage is held, too', async () => {
    const args = { hold_v: 0.9, duration_s: 5, irradiance_mw_cm2: 100 };
    expect(await notesOf('measure_stabilised_power', args, sun(0.5))).toMatch(
      /LEDs are at 50 % of the sun mix/,
    );
  });
});
