import { quote } from '../text/quote.ts';
import type { StoredMeasurement } from '../archive/archive.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import type { Conditions } from '../conditions/conditions-schema.ts';
import { leavesOf } from '../text/leaves.ts';

/** K: a stage that is held at one temperature wanders less. */
const SAME_TEMPERATURE = 0.5;
/** The instrument may keep single precision. */
const DIGITS = 6;

/**
 * Lists what else differs between measurements, one line each: figures are not comparable if their conditions differ.
 */
export function unlikeness(stored: readonly StoredMeasurement[]): string[] {
  const records = stored.map(({ record }) => record);
  const of = (name: string, read: (record: MeasurementRecord) => Told): string[] =>
    differing(name, records.map(read));
  const routines = new Set(records.map(({ routine }) => routine));
  return [
    ...of('simulated', ({ simulated }) => simulated),
    ...of('routine', ({ routine }) => routine),
    ...differing(
      'state',
      stored.map(({ state }) => state),
    ),
    ...of('device', ({ device_name: device }) => device),
    ...of('area (cm²)', ({ area_cm2: area }) => area),
    ...of('area is', ({ area_source: source }) => source),
    ...(routines.size > 1
      ? ['settings: those of different routines are not compared; see get_measurement']
      : unlikeSettings(records)),
    ...unlikeApplied(records),
    ...unlikeConditions(records.map(({ conditions }) => conditions)),
    ...unlikeMethods(records),
  ];
}

function unlikeSettings(records: readonly MeasurementRecord[]): string[] {
  const all = records.map(({ settings }) =>
    settings === null
      ? undefined
      : new Map(leavesOf(settings).map(({ path, value }) => [quote(path.join(' › ')).slice(1, -1), value])),
  );
  const unknown = all.flatMap((settings, i) => (settings === undefined ? [`#${i + 1}`] : []));
  const names = new Set(all.flatMap((settings) => [...(settings?.keys() ?? [])]));
  return [
    ...(unknown.length > 0 ? [`settings of ${unknown.join(', ')} are not known`] : []),
    ...(unknown.length === records.length
      ? []
      : [...names].flatMap((name) =>
          differing(
            name,
            all.map((settings) => settings?.get(name)),
          ),
        )),
  ];
}

/** Values that are no setting of a routine, such as the percent of a laser, stand only in what was applied. */
function unlikeApplied(records: readonly MeasurementRecord[]): string[] {
  const all = records.map(({ applied }) => applied?.values);
  const names = new Set(all.flatMap((values) => Object.keys(values ?? {})));
  return [...names].flatMap((name) =>
    differing(
      `applied ${name}`,
      all.map((values) => shownValue(values?.[name]?.value)),
    ),
  );
}

function shownValue(value: unknown): Told {
  if (value === undefined || value === null) return value;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value);
}

function unlikeConditions(all: readonly (Conditions | null)[]): string[] {
  const stages = all.map((conditions) => conditions?.temperatures?.[0]?.stage_c ?? null);
  const known = stages.filter((stage) => stage !== null);
  const apart = Math.max(...known) - Math.min(...known) > SAME_TEMPERATURE;
  return [
    ...(apart || (known.length > 0 && known.length < stages.length)
      ? differing(
          'stage temperature (°C)',
          stages.map((stage) => (stage === null ? null : Math.round(stage * 10) / 10)),
        )
      : []),
    ...differing(
      'LEDs',
      all.map((conditions) => conditions?.leds?.map(({ values }) => values.join(' ')).join('; ') ?? null),
    ),
    ...differing(
      'closed relays',
      all.map(
        (conditions) =>
          conditions?.relays?.flatMap((isClosed, i) => (isClosed ? [i + 1] : [])).join(' ') ?? null,
      ),
    ),
  ];
}

/** Another version of the same method may give another value of the same data. */
function unlikeMethods(records: readonly MeasurementRecord[]): string[] {
  const names = new Set(records.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const changed = [...names].filter(
    (name) =>
      new Set(
        records.flatMap(({ metrics }) =>
          metrics.filter((metric) => metric.name === name).map(({ version }) => version),
        ),
      ).size > 1,
  );
  return changed.length === 0 ? [] : [`computed by different versions: ${changed.join(', ')}`];
}

type Told = string | number | boolean | null | undefined;

function differing(name: string, values: readonly Told[]): string[] {
  const shown = values.map(show);
  return new Set(shown).size > 1 ? [`${name}: ${shown.join(' | ')}`] : [];
}

function show(value: Told): string {
  if (value === undefined || value === null) return 'unknown';
  if (typeof value === 'number') return String(Number(value.toPrecision(DIGITS)));
  return typeof value === 'string' ? quote(value) : String(value);
}
