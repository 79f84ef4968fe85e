import * as z from 'zod';
import { InputError } from '../../errors.ts';
import { JV_PATHS } from '../../instrument/routines/jv-paths.ts';
import { findSetting } from '../../instrument/routines/find-setting.ts';
import { argument, type AskedOf, words } from '../arguments/argument.ts';
import { areaSetting } from './sample-arguments.ts';
import { within } from '../arguments/numbers.ts';
import type { Settings } from '../../instrument/settings.ts';
import type { Switching } from '../run/switches.ts';

const volts = within(-60, 60);

/** Words of JV for its directions. */
const ORDERS = {
  forward_then_reverse: 'Forward then Reverse',
  reverse_then_forward: 'Reverse then Forward',
  forward: 'Forward Only',
  reverse: 'Reverse Only',
} as const;
export const order = z.enum(['forward_then_reverse', 'reverse_then_forward', 'forward', 'reverse']);

/** Light of a routine that has a light source of its own. */
export const lightArguments = {
  light_source: words(
    z.enum(['none', 'external', '12_led', 'fast_led', 'led_ring']).describe('external: set_light or a lamp.'),
    { none: 'None', external: 'External', '12_led': '12 LED', fast_led: 'Fast LED', led_ring: 'LED Ring' },
    JV_PATHS.lightSource,
  ),
  light_level_percent: argument(z.number().min(0).max(100), '%', JV_PATHS.lightLevel),
  irradiance_mw_cm2: argument(
    within(0, 1000).describe('At 100 % level; 1 sun is 100.'),
    'mW/cm²',
    JV_PATHS.irradiance,
  ),
};

export const jvArguments = {
  area_cm2: areaSetting,
  start_v: argument(volts.describe('E.g. -0.2.'), 'V', JV_PATHS.start),
  end_v: argument(volts.describe('Beyond Voc.'), 'V', JV_PATHS.end),
  step_v: argument(within(1e-4, 1), 'V', JV_PATHS.step),
  rate_v_s: argument(within(1e-4, 100).describe('E.g. 0.2.'), 'V/s', JV_PATHS.rate),
  order: words(order, ORDERS, JV_PATHS.order),
  auto_voc: argument(z.boolean().describe('Stop at Voc.'), '', JV_PATHS.autoVoc),
  hold_s: argument(within(0, 3600).describe('Before the first point.'), 's', JV_PATHS.holdTime),
  hold_v: argument(volts, 'V', JV_PATHS.holdVoltage),
  compliance_a: argument(within(1e-9, 1).describe('Current limit.'), 'A', JV_PATHS.compliance),
  inverted: argument(z.boolean().describe('Flip the polarity.'), '', JV_PATHS.inverted),
  ...lightArguments,
};

/** A light that is off has no irradiance and no level. */
export function lightContradiction(args: AskedOf<typeof lightArguments>): InputError | undefined {
  if (args.light_source !== 'none') return undefined;
  const asked = (['light_level_percent', 'irradiance_mw_cm2'] as const).filter(
    (name) => (args[name] ?? 0) > 0,
  );
  if (asked.length === 0) return undefined;
  return new InputError(`light_source none is the dark, and ${asked.join(' and ')} asks for light`, {
    hint: `Leave ${asked.join(' and ')} out to measure in the dark; or name the light: 12_led, or external for set_light or a lamp.`,
  });
}

/** The light that a routine with a light source of its own switches on while it measures. */
export function ownLight(settings: Settings): readonly Switching[] {
  const source = findSetting(settings, 'Source');
  if (typeof source !== 'string' || source === 'None' || source === 'External') return [];
  const level = findSetting(settings, 'Level (%)');
  return [{ what: 'light', detail: typeof level === 'number' ? `${source}, ${level} %` : source }];
}
