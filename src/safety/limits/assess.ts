import { LED_CHANNELS } from '../../instrument/commands/led.ts';
import { quote } from '../../text/quote.ts';
import type { Envelope, Exposure } from './envelope.ts';
import { above, type Finding, outside } from './finding.ts';
import type { Limits } from './limits-file.ts';

export type { Finding } from './finding.ts';

/**
 * A measurement: at each place the lowest and highest voltage, the highest current and light; and the duration, where
 * that is known. A guess is held against the hard limit only.
 */
export function assessEnvelope(envelope: Envelope, { values }: Limits): Finding[] {
  const { voltages, currents, light, seconds } = envelope;
  const each = (list: readonly Exposure[], assess: (one: Exposure) => Finding[]): Finding[] =>
    extremes(list).flatMap((one) =>
      assess(one).filter(({ level }) => level === 'hard' || one.guess !== true),
    );
  return [
    // 0 V is always within the limits: only negative voltages can be too low, and only positive ones too high.
    ...each(voltages, (one) => (one.value === 0 ? [] : outside({ ...one, unit: 'V' }, values.voltage_v))),
    ...each(currents, (one) => above({ ...one, unit: 'A' }, values.current_a)),
    ...each(light, ({ what, value }) => aboveLevel(what, value, values.led_level)),
    ...(seconds === undefined
      ? []
      : above({ what: 'the expected duration', value: seconds, unit: 's' }, values.duration_s)),
  ];
}

const UV_CHANNELS: ReadonlySet<string> = new Set(['Far UV', 'UV']);

/** Levels 0 to 1 in the order of LED_CHANNELS. */
export function assessLeds(levels: readonly number[], { values }: Limits): Finding[] {
  return levels.flatMap((value, i) => {
    const name = LED_CHANNELS[i]?.name ?? `channel ${i + 1}`;
    const of = { what: `the level of ${name}`, value, unit: '' };
    return [
      ...above(of, values.led_level),
      ...(UV_CHANNELS.has(name) ? above({ ...of, category: 'uv' as const }, values.uv_level) : []),
    ];
  });
}

/** °C. Where the present temperature is not known, the step is not either, which a person has to judge. */
export function assessTemperature(
  target: number,
  present: number | undefined,
  { values }: Limits,
): Finding[] {
  const range = outside({ what: 'the target temperature', value: target, unit: '°C' }, values.temperature_c);
  if (present === undefined || Number.isNaN(present)) {
    return [
      ...range,
      {
        level: 'soft',
        category: 'limits',
        what: `the present temperature is not known, so that the step to ${target} °C cannot be held against the soft limit of ${values.temperature_step_c.soft} °C`,
      },
    ];
  }
  const step = { what: `the step from ${present} to ${target} °C`, value: target - present, unit: '°C' };
  return [...range, ...above(step, values.temperature_step_c)];
}

const LASER_MEMBERS = new Set([
  'channel',
  'port_id',
  'frequency',
  'intensity',
  'duty_cycle',
  'enabled',
  'laser',
]);
const FULL = 100;

/**
 * SetLaser in any documented form. On or off is full power or none; a duty cycle of 0 counts as full, since it is on an
 * inverted source; so does what is not a documented form.
 */
export function assessLaser(parameter: Readonly<Record<string, unknown>>, { values }: Limits): Finding[] {
  const { intensity, duty_cycle: duty, enabled, laser } = parameter;
  const switches = [enabled, laser].filter((value) => value !== undefined);
  const documented =
    (switches.length > 0 || intensity !== undefined || duty !== undefined) &&
    Object.keys(parameter).every((key) => LASER_MEMBERS.has(key));
  const full = !documented || switches.some((value) => value !== false);
  return [
    ...(full ? aboveIntensity(FULL) : []),
    ...(intensity === undefined ? [] : aboveIntensity(numberOrNaN(intensity))),
    ...(duty === undefined ? [] : aboveDuty(numberOrNaN(duty))),
  ];

  function aboveIntensity(value: number): Finding[] {
    return above({ what: 'the laser intensity', value, unit: '%' }, values.laser_percent);
  }

  function aboveDuty(percent: number): Finding[] {
    const what = percent === 0 ? 'the laser duty cycle, 0 taken as full power,' : 'the laser duty cycle';
    const value = percent === 0 ? FULL : percent;
    return above({ what, value, unit: '%' }, values.laser_duty_percent);
  }
}

function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** A. */
export function assessProbeCurrent(amperes: number, { values }: Limits): Finding[] {
  return above({ what: 'the probe current', value: amperes, unit: 'A' }, values.probe_current_a);
}

/** V or A by the mode of the source; where that is not known, it has to be allowed as both. */
export function assessOutput(
  output: number,
  mode: 'voltage' | 'current' | undefined,
  { values }: Limits,
): Finding[] {
  const what = mode === undefined ? 'the output, in V or A,' : 'the output';
  return [
    ...(mode === 'current' ? [] : outside({ what, value: output, unit: 'V' }, values.voltage_v)),
    ...(mode === 'voltage' ? [] : above({ what, value: output, unit: 'A' }, values.current_a)),
  ];
}

/** The routine by any of its names. */
export function assessRoutineAllowed(routine: string, limits: Limits): Finding[] {
  const isIn = (list: readonly string[]): boolean =>
    list.some((name) => limits.product.isSameRoutine(name, routine));
  if (isIn(limits.deniedRoutines)) return [denied(`the limits deny the routine ${quote(routine)}`)];
  const missing = limits.allowedRoutines.find((list) => !isIn(list));
  if (missing === undefined) return [];
  const known = missing.length === 0 ? 'none' : missing.map((name) => quote(name)).join(', ');
  return [denied(`the routine ${quote(routine)} is not among those that the limits allow: ${known}`)];
}

/** @param command as `TARGET.Command`. Not for commands that take energy out: these are always allowed. */
export function assessCommandAllowed(command: string, { deniedCommands }: Limits): Finding[] {
  const wanted = command.toLowerCase();
  return deniedCommands.some((one) => one.toLowerCase() === wanted)
    ? [denied(`the limits deny the command ${quote(command)}`)]
    : [];
}

function denied(what: string): Finding {
  return { level: 'hard', category: 'limits', what };
}

function aboveLevel(what: string, value: number, limit: Limits['values']['led_level']): Finding[] {
  const percent = { soft: 100 * limit.soft, hard: 100 * limit.hard };
  return above({ what: `the light of ${what}`, value: 100 * value, unit: '%' }, percent);
}

/** Keeps of each place the lowest and the highest value, and likewise of the values that are guesses. */
function extremes(exposures: readonly Exposure[]): Exposure[] {
  const ends = new Map<string, Exposure>();
  for (const one of exposures) {
    for (const [end, isFurther] of [
      ['lowest', (other: number) => one.value < other],
      ['highest', (other: number) => one.value > other],
    ] as const) {
      const key = `${end} ${one.guess === true} ${one.what}`;
      const before = ends.get(key);
      if (before === undefined || isFurther(before.value)) ends.set(key, one);
    }
  }
  return [...new Set(ends.values())];
}
