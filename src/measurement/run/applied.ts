import type { Applied, AppliedValue } from '../../archive/applied.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Metric } from '../../science/metrics/metric.ts';
import { appliedValues, type ValueNote } from '../arguments/applied-values.ts';
import type { Settings } from '../../instrument/settings.ts';
import type { MeasurementKind } from '../kinds/kind.ts';
import type { MeasureDeps } from './measured.ts';
import type { Run } from './run.ts';
import type { Sample } from './sample.ts';

export interface AppliedFrom {
  kind: MeasurementKind;
  routine: RoutineDefinition;
  /** The arguments as asked. */
  args: Readonly<Record<string, unknown>>;
  /** Settings in force. */
  settings: Settings;
  sample: Sample;
  /** By the name of the argument. */
  notes: ReadonlyMap<string, ValueNote>;
  dataset: Dataset | undefined;
  calibratedAt: Date | undefined;
  now: Date;
}

/** The effective value of every argument of a measurement, and of what else its figures rest on. */
export function valuesOf(from: AppliedFrom): Applied['values'] {
  const { kind, args, settings, notes } = from;
  const values = appliedValues({ table: kind.arguments, asked: args, settings });
  if (values['area_cm2'] !== undefined) values['area_cm2'] = areaOf(from);
  for (const [name, note] of notes) {
    const known = values[name];
    if (known !== undefined) values[name] = { ...known, ...note };
  }
  for (const name of assumedIn(values, kind)) {
    const known = values[name];
    if (known !== undefined) values[name] = { ...known, source: 'assumed' };
  }
  return { ...values, ...kind.restsOn?.(from) };
}

function areaOf({ sample: { areaCm2, areaSource }, args }: AppliedFrom): AppliedValue {
  const stated = areaSource === 'stated';
  return {
    value: areaCm2,
    unit: 'cm²',
    source: stated ? 'asked' : 'instrument',
    ...(areaCm2 === null ? { note: 'not known' } : {}),
    ...(stated && args['area_cm2'] === undefined ? { note: 'stated before, for this sample' } : {}),
  };
}

/** Dimensions of a film that its figures rest on. */
const FILM = ['thickness_um', 'length_mm', 'width_mm', 'thickness_nm'];

/** Names of the values that the figures rest on and nobody stated: the instrument had them so. */
function assumedIn(
  values: Readonly<Record<string, AppliedValue>>,
  { usesArea }: Pick<MeasurementKind, 'usesArea'>,
): string[] {
  const light = values['light_source']?.value;
  const isLightStated = values['irradiance_mw_cm2']?.source === 'asked';
  return [
    ...(usesArea ? ['area_cm2'] : []),
    ...FILM,
    ...(light === 'none' ? [] : ['irradiance_mw_cm2']),
    ...(typeof light === 'string' && light !== 'none' && !isLightStated ? ['light_source'] : []),
  ].filter((name) => values[name]?.source === 'instrument' && (values[name].value ?? null) !== null);
}

/** One sentence where the figures lack the area. */
export function missingArea(
  { values }: Pick<Applied, 'values'>,
  { usesArea }: Pick<MeasurementKind, 'usesArea'>,
  metrics: readonly Metric[],
): string[] {
  const isUnknown = usesArea && (values['area_cm2']?.value ?? null) === null;
  return isUnknown && metrics.length > 0 ? ['the area is not known: there are no current densities'] : [];
}

/** Collects what was applied to a measurement that is carried out here. @param dataset once there is any */
export function appliedTo({
  kind,
  run,
  sample,
  deps,
  dataset,
}: {
  kind: MeasurementKind;
  run: Run;
  sample: Sample;
  deps: Pick<MeasureDeps, 'calibration' | 'now'>;
  dataset?: Dataset | undefined;
}): Applied {
  const { routine, args, settings, notes, switches } = run;
  const known = { sample, dataset, calibratedAt: deps.calibration.at, now: deps.now() };
  return {
    values: valuesOf({ kind, routine, args, settings, notes, ...known }),
    switched_on: switches.entries.map((entry) => ({ ...entry })),
  };
}
