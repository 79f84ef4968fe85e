import { allInOne } from '../src/instrument/all-in-one.ts';
import { markdownTable } from '../src/text/markdown-table.ts';
import type { CeilingName, Limit, Window, WindowName } from '../src/safety/limits/limit-values.ts';
import { type Profile, resolveProfiles, valuesOf } from '../src/safety/limits/resolve-profiles.ts';

type Name = WindowName | CeilingName;

const UNITS: Readonly<Record<Name, string>> = {
  voltage_v: 'V',
  current_a: 'A',
  temperature_c: '°C',
  temperature_step_c: '°C',
  led_level: '',
  uv_level: '',
  laser_percent: '%',
  laser_duty_percent: '%',
  probe_current_a: 'A',
  duration_s: 's',
};
const NAMES = [
  'voltage_v',
  'current_a',
  'temperature_c',
  'temperature_step_c',
  'led_level',
  'uv_level',
  'laser_percent',
  'laser_duty_percent',
  'probe_current_a',
  'duration_s',
] as const satisfies readonly Name[];

/** The built-in limits of each profile, soft and hard, and the routines with other ones. */
export function describeLimits(): string {
  const { profiles } = resolveProfiles(allInOne, {});
  const row = (name: Name, routine?: string): string[] => [
    `\`${name}\`${routine === undefined ? '' : ` in ${routine}`}`,
    ...profiles.map((profile) => cell(profile, name, routine)),
  ];
  const routines = [...new Set(profiles.flatMap(({ byRoutine }) => byRoutine.map(({ routine }) => routine)))];
  const rows = NAMES.flatMap((name) => [
    row(name),
    ...routines
      .filter((routine) => profiles.some((one) => cell(one, name, routine) !== cell(one, name, undefined)))
      .map((routine) => row(name, routine)),
  ]);
  return markdownTable(['soft; hard', ...profiles.map(({ name }) => `\`${name}\``)], rows);
}

/** "-0.5 to 1.4 V; -3 to 3 V", in the units of a limits file. */
function cell(profile: Profile, name: Name, routine: string | undefined): string {
  const { soft, hard }: Limit<Window | number> = valuesOf(profile, routine)[name];
  return `${range(soft, UNITS[name])}; ${range(hard, UNITS[name])}`;
}

function range(value: Window | number, unit: string): string {
  const numbers = typeof value === 'number' ? String(value) : `${value[0]} to ${value[1]}`;
  const hours = unit === 's' ? ` (${Number(value) / 3600} h)` : '';
  return `${numbers} ${unit}`.trim() + hours;
}
