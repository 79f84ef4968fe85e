import * as z from 'zod';
import type { Scan } from '../../science/dataset.ts';
import { lenientNumber } from '../lenient-number.ts';
import { readSetting } from './read-setting.ts';

/**
 * A row of the sweep editor. Its form is not published: this is what the editor shows, and a row that reads
 * otherwise makes the light of a scan unknown.
 */
const row = z.looseObject({
  Type: z.string(),
  Enable: z.boolean().default(true),
  Start: z.number(),
  End: z.number(),
  Step: z.number(),
});

/**
 * Irradiance on the sample during a scan, mW/cm², from the settings: 0 without a light source, otherwise
 * Irradiance × Level, where a swept Level is the scan's own. Undefined where the settings do not tell.
 */
export function irradianceOf(settings: unknown, scan: Scan): number | undefined {
  const light = (name: string): unknown => readSetting(settings, ['light', name]);
  if (light('Source') === 'None') return 0;
  const full = lenientNumber.parse(light('Irradiance (mW/cm2)'));
  const level = sweptLevel(settings, scan) ?? lenientNumber.parse(light('Level (%)')) ?? 100;
  return full === undefined || Number.isNaN(level) ? undefined : (full * level) / 100;
}

/** %; undefined where the level is not swept, NaN where that cannot be told. */
function sweptLevel(settings: unknown, scan: Scan): number | undefined {
  const raw = z.array(z.unknown()).safeParse(readSetting(settings, ['sweep_settings'])).data ?? [];
  const indices = Object.values(scan.conditions).map(({ value }) => value);
  if (raw.length === 0) return indices.length === 0 ? undefined : Number.NaN;
  const parsed = z.array(row).safeParse(raw);
  if (!parsed.success) return Number.NaN;
  const enabled = parsed.data.filter(({ Enable }) => Enable);
  const at = enabled.findIndex(({ Type }) => /light/i.test(Type));
  const swept = enabled[at];
  if (swept === undefined) return undefined;
  const index = indices[at];
  if (index === null || index === undefined || indices.length !== enabled.length) return Number.NaN;
  return swept.Start + Math.sign(swept.End - swept.Start) * Math.abs(swept.Step) * index;
}
