import type { Product } from '../../instrument/product.ts';
import { replaced } from './effective.ts';
import type { LimitsFile } from './limits-schema.ts';
import type { Limit, LimitValues, SomeValues, Tightening, Window } from './limit-values.ts';
import { BUILT_IN, type BuiltIn, DEFAULT_PROFILE, type RoutineValues } from './profiles.ts';

/** Limits as loaded; what applies to a routine and device is `limitsFor`'s. */
export interface Profile extends BuiltIn {
  readonly product: Product;
  readonly name: string;
  readonly deniedRoutines: readonly string[];
  /** Undefined: all that are not denied. */
  readonly allowedRoutines: readonly string[] | undefined;
  /** Commands as `TARGET.Command`. */
  readonly deniedCommands: readonly string[];
  readonly devices: readonly { readonly pattern: string; readonly limits: Tightening }[];
}

type GivenProfile = NonNullable<LimitsFile['profiles']>[string];

/** The built-in profiles, changed and added to by a file, and what contradicts itself in them. */
export function resolveProfiles(
  product: Product,
  { profiles: given = {}, devices = [] }: LimitsFile,
): {
  profiles: readonly Profile[];
  problems: readonly string[];
} {
  const fallback = resolved(product, DEFAULT_PROFILE, undefined, given[DEFAULT_PROFILE] ?? {}, devices);
  const names = new Set([...Object.keys(BUILT_IN), ...Object.keys(given)]);
  const profiles = [...names].map((name) => {
    if (name === DEFAULT_PROFILE) return fallback;
    const base = Object.hasOwn(BUILT_IN, name) ? undefined : fallback;
    return resolved(product, name, base, given[name] ?? {}, devices);
  });
  return { profiles, problems: [...profiles.flatMap(problemsOf), ...deviceProblems(devices)] };
}

function resolved(
  product: Product,
  name: string,
  like: Profile | undefined,
  given: GivenProfile,
  devices: Profile['devices'],
): Profile {
  const { routines, commands, by_routine, ...own } = given;
  const base = like ?? BUILT_IN[name];
  if (base === undefined) throw new TypeError(`no profile ${name}`);
  const stated = Object.entries(by_routine ?? {}).map(
    ([routine, values]): RoutineValues => ({
      routine: product.findRoutine(routine)?.name ?? routine,
      values,
    }),
  );
  // A value that is given for a profile is meant: an inherited exception from the value before would exceed it unseen.
  const inherited = base.byRoutine.map(({ routine, values }) => ({ routine, values: without(values, own) }));
  return {
    product,
    name,
    values: replaced(base.values, own),
    byRoutine: [...inherited, ...stated],
    deniedRoutines: [...(like?.deniedRoutines ?? []), ...(routines?.deny ?? [])],
    allowedRoutines: routines?.allow ?? like?.allowedRoutines,
    deniedCommands: [...(like?.deniedCommands ?? []), ...(commands?.deny ?? [])],
    devices,
  };
}

function without(values: SomeValues, named: SomeValues): SomeValues {
  const gone = new Set(Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [name])));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !gone.has(name)));
}

/** The values of a profile for a routine, which may be named by any of its names. */
export function valuesOf({ product, values, byRoutine }: Profile, routine: string | undefined): LimitValues {
  return byRoutine
    .filter((entry) => routine !== undefined && product.isSameRoutine(entry.routine, routine))
    .reduce((all, entry) => replaced(all, entry.values), values);
}

function problemsOf(profile: Profile): string[] {
  const own = outOfOrder(profile.values);
  const named = new Set(profile.byRoutine.map(({ routine }) => routine));
  return [
    ...own.map((problem) => `profiles.${profile.name}.${problem}`),
    ...[...named].flatMap((routine) =>
      outOfOrder(valuesOf(profile, routine))
        // A problem that the routine has from the profile is told of the profile.
        .filter((problem) => !own.includes(problem))
        .map((problem) => `profiles.${profile.name}.by_routine.${routine}.${problem}`),
    ),
  ];
}

function deviceProblems(devices: Profile['devices']): string[] {
  return devices.flatMap(({ limits }, i) =>
    Object.entries(limits).flatMap(([key, value]) => {
      if (value === undefined || !('soft' in value) || !('hard' in value)) return [];
      const { soft, hard } = value;
      if (soft === undefined || hard === undefined || within(soft, hard)) return [];
      return [`devices[${i}].limits.${misplaced(key, soft, hard)}`];
    }),
  );
}

/** "voltage_v: soft [-4,1] does not lie within hard [-3,3]" */
function outOfOrder(values: LimitValues): string[] {
  return Object.entries(values).flatMap(([key, { soft, hard }]: [string, Limit<Window | number>]) =>
    within(soft, hard) ? [] : [misplaced(key, soft, hard)],
  );
}

function within(soft: Window | number, hard: Window | number): boolean {
  const [inner, outer] = [bounds(soft), bounds(hard)];
  return inner[0] >= outer[0] && inner[1] <= outer[1];
}

function bounds(value: Window | number): Window {
  return typeof value === 'number' ? [0, value] : value;
}

function misplaced(key: string, soft: Window | number, hard: Window | number): string {
  return `${key}: soft ${JSON.stringify(soft)} does not lie within hard ${JSON.stringify(hard)}; give both, soft inside hard`;
}
