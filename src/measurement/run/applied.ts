import type { Applied, AppliedValue } from '../../archive/applied.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Dataset } from '../../science/dataset.ts';
import { appliedValues, type ValueNote } from '../arguments/applied-values.ts';
import type { ArgumentTable } from '../arguments/argument.ts';
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
  /** As they are in force. */
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

/** What was applied to a measurement that is carried out here. @param dataset once there is any */
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

/** The arguments that have a value, by name. */
export function inForceOf(
  { values }: Pick<Applied, 'values'>,
  table: ArgumentTable,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(table).flatMap((name) => {
      const value = values[name]?.value ?? null;
      return value === null ? [] : [[name, value]];
    }),
  );
}
