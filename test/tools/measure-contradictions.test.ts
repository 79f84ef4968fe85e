import { describe, expect, it } from 'vitest';
import { startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

/** Arguments that are each right and do not go together. */
const CONTRADICTIONS: readonly (readonly [tool: string, args: Record<string, unknown>, says: RegExp])[] = [
  ['measure_impedance', { bias_mode: 'voc', bias_v: 0.5 }, /Leave bias_v out[^]*bias_mode fixed/],
  ['measure_dark_jv', { spectra: false, integration_s: 0.1 }, /Leave integration_s out/],
  ['measure_eqe', { bias_light: 0.5, chopper_hz: 0 }, /Give chopper_hz too[^]*leave bias_light out/],
  ['measure_tcspc', { switch_laser: false, laser_port: 7 }, /Leave laser_port out/],
  ['measure_luminescence', { auto_exposure: true, integration_ms: 5 }, /Give one of the two/],
  ['measure_luminescence', { laser_percent: 50 }, /laser_percent and laser_channel belong together/],
  ['measure_jv', { light_source: 'none', light_level_percent: 50 }, /Leave light_level_percent out/],
  [
    'measure_stabilised_power',
    { light_source: 'none', irradiance_mw_cm2: 100 },
    /irradiance_mw_cm2 asks for light/,
  ],
  [
    'measure_sheet_resistance',
    { first_current_a: 0.01, max_current_a: 0.001 },
    /first_current_a 0\.01 is above/,
  ],
];

describe('arguments that contradict each other', () => {
  it.each(CONTRADICTIONS)('of %s, %j, are refused before anything is sent', async (tool, args, says) => {
    const instrument = await startStateful();
    const tools = toolsOn(instrument.port);
    try {
      const answer = await tools.call(tool, args);
      expect(answer.isError, answer.text).toBe(true);
      expect(answer.text).toMatch(says);
      expect(answer.error).toMatchObject({ code: 'invalid_input', outcome: 'not_sent' });
      expect(instrument.connections).toBe(0);
    } finally {
      tools.close();
      await instrument.close();
    }
  });
});
