import { SUN_LEVELS } from '../../instrument/commands/led.ts';
import { findSetting } from '../../instrument/routines/find-setting.ts';
import type { Conditions } from '../../conditions/conditions-schema.ts';
import type { Run } from './run.ts';

/** mW/cm², of the mix that resembles sunlight. */
const SUN = 100;
/** Tolerance of the levels of a mix: the board rounds them. */
const SAME_MIX = 0.02;
/** Tolerance of the irradiance: a board that is calibrated is nearer. */
const AGREEMENT = 0.1;

/**
 * Compares the stated irradiance with the LEDs before the start. If something else than the routine shines, the
 * irradiance is what somebody said. Returns what speaks against it, one sentence each.
 */
export function lightDoubts(
  { settings, args }: Pick<Run, 'settings' | 'args'>,
  { leds }: Conditions,
): string[] {
  const source = findSetting(settings, 'Source');
  const external = source === 'External' || (source === undefined && args['light_source'] === 'external');
  const irradiance = irradianceOf(settings, args);
  if (leds === null || irradiance === undefined || irradiance === 0) return [];
  if (source !== undefined && !external) return [];
  const lit = leds.filter(({ values }) => values.some((level) => level !== 0));
  if (lit.length === 0)
    return external
      ? [
          `the light source is external and all LEDs are off: a lamp is taken to give ${rounded(irradiance)} mW/cm²; if none shines, this was measured in the dark`,
        ]
      : [];
  const [board] = lit;
  const suns = board === undefined || lit.length > 1 ? undefined : sunsOf(board.values);
  if (suns === undefined)
    return [
      `the LEDs are lit with a mix that is not the sun's: ${rounded(irradiance)} mW/cm² is what was stated, and an efficiency is not that under sunlight`,
    ];
  return Math.abs(irradiance / (SUN * suns) - 1) <= AGREEMENT
    ? []
    : [
        `an irradiance of ${rounded(irradiance)} mW/cm² was stated, but the LEDs are at ${rounded(100 * suns)} % of the sun mix, about ${rounded(SUN * suns)} mW/cm²: the efficiency rests on the wrong one of the two`,
      ];
}

/** mW/cm² as stated, of a light that is not swept. */
function irradianceOf(settings: Run['settings'], args: Run['args']): number | undefined {
  const sweep = findSetting(settings, 'sweep_settings');
  if (Array.isArray(sweep) && sweep.length > 0) return undefined;
  const full = findSetting(settings, 'Irradiance (mW/cm2)') ?? args['irradiance_mw_cm2'];
  const level = findSetting(settings, 'Level (%)') ?? 100;
  return typeof full === 'number' && typeof level === 'number' ? (full * level) / 100 : undefined;
}

/** How much of the sun mix the levels are; undefined for another mix. */
function sunsOf(levels: readonly (number | null)[]): number | undefined {
  const shares = SUN_LEVELS.map((full, i) => (levels[i] ?? 0) / full);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return shares.every((share) => Math.abs(share - mean) <= SAME_MIX * mean) ? mean : undefined;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
