import { quote } from '../../text/quote.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { MeasurementKind } from '../kinds/kind.ts';
import { readArgument } from '../arguments/apply-arguments.ts';
import type { LastRun } from '../last-run.ts';
import type { Run } from './run.ts';

/** Sample that is measured. */
export interface Sample {
  deviceName: string | null;
  areaCm2: number | null;
  /** `assumed`: nobody stated it, or the instrument says otherwise: its own was taken. */
  areaSource: 'stated' | 'assumed' | null;
}

/** A measurement whose sample is to be named. */
interface OfSample extends Pick<Run, 'args' | 'settings'> {
  table: MeasurementKind['arguments'];
}

/**
 * The sample as it was named, with this measurement or before it through this server; as the instrument has it where
 * that says otherwise, with what is to be said of it.
 * @param dataset what was measured, once there is any
 */
export function sampleOf(
  run: OfSample,
  { lastRun }: { lastRun: LastRun },
  dataset?: Dataset,
): { sample: Sample; doubts: string[] } {
  const name = nameOf(run, lastRun, dataset?.info.device);
  const { area_cm2: area } = run.args;
  const stated = typeof area === 'number' ? area : lastRun.sample.areaCm2;
  const place = run.table['area_cm2'];
  const setting = place === undefined ? undefined : readArgument(run.settings, place)?.value;
  const held = dataset?.info.areaCm2 ?? (typeof setting === 'number' ? setting : undefined);
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
  { args: { device_name: asked } }: OfSample,
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
