import type { Metric } from '../../science/metrics/metric.ts';
import type { MeasurementKind } from '../kinds/kind.ts';
import type { LastRun } from '../last-run.ts';
import { isSettings } from '../arguments/settings-path.ts';
import type { Run } from './run.ts';

/** What is measured. */
export interface Sample {
  deviceName: string | null;
  areaCm2: number | null;
  /** `assumed`: nobody stated it, the instrument's own setting was taken. */
  areaSource: 'stated' | 'assumed' | null;
}

/** The sample as it was named: with this measurement, or before it through this server. */
export function sampleOf(run: Run, { lastRun }: { lastRun: LastRun }): Sample {
  const { device_name: name, area_cm2: area } = run.args;
  const deviceName = typeof name === 'string' ? name : (lastRun.sample.deviceName ?? null);
  const stated = typeof area === 'number' ? area : lastRun.sample.areaCm2;
  if (stated !== undefined) return { deviceName, areaCm2: stated, areaSource: 'stated' };
  const held = run.inForce['area_cm2'] ?? run.dataset?.info.areaCm2;
  return typeof held === 'number'
    ? { deviceName, areaCm2: held, areaSource: 'assumed' }
    : { deviceName, areaCm2: null, areaSource: null };
}

/** What the figures rest on that nobody stated: one sentence. */
export function assumptions(
  run: Run,
  { usesArea, arguments: table }: MeasurementKind,
  sample: Sample,
  metrics: readonly Metric[],
): string[] {
  if (metrics.length === 0) return [];
  const { settings: patch } = run.args;
  const irradiance = run.inForce['irradiance_mw_cm2'];
  const stated = run.args['irradiance_mw_cm2'] !== undefined || (isSettings(patch) && 'light' in patch);
  const dark = run.inForce['light_source'] === 'None';
  const parts = [
    ...(usesArea && sample.areaSource === 'assumed' ? [`area ${sample.areaCm2} cm²`] : []),
    ...('irradiance_mw_cm2' in table && !stated && !dark && typeof irradiance === 'number'
      ? [`irradiance ${irradiance} mW/cm² at 100 % light`]
      : []),
  ];
  if (parts.length > 0)
    return [`ASSUMED, as the instrument had it and nobody stated it: ${parts.join(' and ')}`];
  return usesArea && sample.areaCm2 === null ? ['the area is not known: there are no current densities'] : [];
}
