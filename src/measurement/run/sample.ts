import { isRecord } from '../../text/is-record.ts';
import { quote } from '../../text/quote.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Metric } from '../../science/metrics/metric.ts';
import type { MeasurementKind } from '../kinds/kind.ts';
import type { LastRun } from '../last-run.ts';
import type { Run } from './run.ts';

/** What is measured. */
export interface Sample {
  deviceName: string | null;
  areaCm2: number | null;
  /** `assumed`: nobody stated it, or the instrument says otherwise: its own was taken. */
  areaSource: 'stated' | 'assumed' | null;
}

/**
 * The sample as it was named, with this measurement or before it through this server; as the instrument has it where
 * that says otherwise, with what is to be said of it.
 * @param dataset what was measured, once there is any
 */
export function sampleOf(
  run: Run,
  { lastRun }: { lastRun: LastRun },
  dataset?: Dataset,
): { sample: Sample; doubts: string[] } {
  const name = nameOf(run, lastRun, dataset?.info.device);
  const { area_cm2: area } = run.args;
  const stated = typeof area === 'number' ? area : lastRun.sample.areaCm2;
  const inForce = run.inForce['area_cm2'];
  const held = dataset?.info.areaCm2 ?? (typeof inForce === 'number' ? inForce : undefined);
  if (stated !== undefined && held !== undefined && Math.abs(held / stated - 1) > 1e-5) {
    return {
      sample: { deviceName: name.deviceName, areaCm2: held, areaSource: 'assumed' },
      doubts: [
        ...name.doubts,
        `the instrument measured with an area of ${held} cm², though ${stated} cm² were stated: somebody changed it`,
      ],
    };
  }
  return {
    sample: {
      deviceName: name.deviceName,
      areaCm2: stated ?? held ?? null,
      areaSource: stated !== undefined ? 'stated' : held !== undefined ? 'assumed' : null,
    },
    doubts: name.doubts,
  };
}

function nameOf(
  { args: { device_name: asked } }: Run,
  { sample }: LastRun,
  theirs: string | undefined,
): { deviceName: string | null; doubts: string[] } {
  const stated = typeof asked === 'string' ? asked : sample.deviceName;
  if (stated === undefined || theirs === undefined || theirs === '' || theirs.trim() === stated.trim())
    return { deviceName: stated ?? null, doubts: [] };
  return {
    deviceName: theirs,
    doubts: [
      `the instrument has the sample as ${quote(theirs)}, though ${quote(stated)} was stated: somebody changed it`,
    ],
  };
}

/** Dimensions of a film that its figures rest on. */
const FILM = ['thickness_um', 'length_mm', 'width_mm', 'thickness_nm'];

/** What the figures rest on that nobody stated: one sentence. */
export function assumptions(
  run: Pick<Run, 'args' | 'inForce'>,
  { usesArea, arguments: table }: Pick<MeasurementKind, 'usesArea' | 'arguments'>,
  sample: Sample,
  metrics: readonly Metric[],
): string[] {
  if (metrics.length === 0) return [];
  const { settings: patch } = run.args;
  const irradiance = run.inForce['irradiance_mw_cm2'];
  const stated = run.args['irradiance_mw_cm2'] !== undefined || (isRecord(patch) && 'light' in patch);
  const source = run.inForce['light_source'];
  const dark = source === 'none';
  const parts = [
    ...(usesArea && sample.areaSource === 'assumed' ? [`area ${sample.areaCm2} cm²`] : []),
    ...(run.args['light_source'] === undefined && !stated && typeof source === 'string' && !dark
      ? [`light_source ${source}`]
      : []),
    ...FILM.filter((name) => run.args[name] === undefined && run.inForce[name] !== undefined).map(
      (name) => `${name} ${JSON.stringify(run.inForce[name])}`,
    ),
    ...('irradiance_mw_cm2' in table && !stated && !dark && typeof irradiance === 'number'
      ? [`irradiance ${irradiance} mW/cm² at 100 % light`]
      : []),
  ];
  if (parts.length > 0)
    return [`ASSUMED, as the instrument had it and nobody stated it: ${parts.join(', ')}`];
  return usesArea && sample.areaCm2 === null ? ['the area is not known: there are no current densities'] : [];
}
