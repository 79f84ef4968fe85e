import type { Scan } from '../../science/dataset.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { JV_PATHS } from './jv-paths.ts';
import { readSetting } from './read-setting.ts';
import { sweepRows, sweptValue } from './sweep-rows.ts';

/**
 * Irradiance on the sample during a scan, mW/cm², from the settings: 0 without a light source, otherwise
 * Irradiance × Level, where a swept Level is the scan's own. Undefined where the settings do not tell.
 */
export function irradianceOf(settings: unknown, scan: Scan): number | undefined {
  if (readSetting(settings, JV_PATHS.lightSource) === 'None') return 0;
  const full = lenientNumber.parse(readSetting(settings, JV_PATHS.irradiance));
  const level =
    sweptLevel(settings, scan) ?? lenientNumber.parse(readSetting(settings, JV_PATHS.lightLevel)) ?? 100;
  return full === undefined || Number.isNaN(level) ? undefined : (full * level) / 100;
}

/** %; undefined where the level is not swept, NaN where that cannot be told. */
function sweptLevel(settings: unknown, scan: Scan): number | undefined {
  const indices = Object.values(scan.conditions).map(({ value }) => value);
  const rows = sweepRows(settings);
  if (rows === undefined) return Number.NaN;
  if (rows.length === 0) return indices.length === 0 ? undefined : Number.NaN;
  const at = rows.findIndex(({ Type }) => /light/i.test(Type));
  const swept = rows[at];
  if (swept === undefined) return undefined;
  const index = indices[at];
  if (index === null || index === undefined || indices.length !== rows.length) return Number.NaN;
  return sweptValue(swept, index);
}
