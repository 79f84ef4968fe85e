import * as z from 'zod';
import { parameters, TARGETS } from '../../instrument/command.ts';

/** From the lowest to the highest value that is allowed, both included. */
export type Window = readonly [min: number, max: number];

/** Beyond `soft` a person is asked, beyond `hard` it is refused. `soft` lies within `hard`. */
export interface Limit<T> {
  readonly soft: T;
  readonly hard: T;
}

/** Quantities with a lowest and a highest value. */
export type WindowName = 'voltage_v' | 'temperature_c';
/** Quantities whose magnitude is limited. */
export type CeilingName =
  | 'current_a'
  | 'temperature_step_c'
  | 'led_level'
  | 'uv_level'
  | 'laser_percent'
  | 'laser_duty_percent'
  | 'probe_current_a'
  | 'duration_s';

export type LimitValues = Readonly<Record<WindowName, Limit<Window>> & Record<CeilingName, Limit<number>>>;

const MEANING: Readonly<Record<WindowName | CeilingName, string>> = {
  voltage_v: 'Voltage on the sample, V, from lowest to highest; 0 lies between.',
  temperature_c: 'Target temperature of the stage, °C, from lowest to highest.',
  current_a: 'Current limit (compliance), current range and current output, A.',
  temperature_step_c: 'Largest step of the target from the present stage temperature, °C.',
  led_level: 'Level of light, 0 to 1: of each LED channel, and of the light that a routine switches on.',
  uv_level: 'Level of the channels Far UV and UV, 0 to 1.',
  laser_percent: 'Laser intensity, %; a laser that is only switched on counts as 100.',
  laser_duty_percent: 'Laser duty cycle, %; 0 counts as 100, because it is full power on an inverted source.',
  probe_current_a: 'Current through the four-point probe, A.',
  duration_s: 'Expected duration of a measurement, s.',
};

const ceiling = z.number().min(0);
const range = z
  .tuple([z.number(), z.number()])
  .refine(([min, max]) => min <= max, 'the first number must not be above the second: [lowest, highest]');
const around0 = range.refine(
  ([min, max]) => min <= 0 && max >= 0,
  '0 V must lie between the two: a sample is always allowed to be at rest',
);
const names = z.array(z.string().trim().min(1).max(100)).max(100);
const command = z
  .string()
  .regex(
    new RegExp(`^(${TARGETS.join('|')})\\.[A-Za-z0-9_]+$`),
    `a command as on the wire, such as ROUTINE.SetLaser; targets are ${TARGETS.join(', ')}`,
  );

const pair = <T extends z.ZodType>(value: T, name: WindowName | CeilingName) =>
  parameters({
    soft: value.optional().describe('A person is asked beyond this.'),
    hard: value.optional().describe('Refused beyond this.'),
  })
    .optional()
    .describe(MEANING[name]);
const most = (name: CeilingName) => pair(ceiling, name);

/** Values that may be given; a value that is not given stays as it was. */
export const valueFields = {
  voltage_v: pair(around0, 'voltage_v'),
  current_a: most('current_a'),
  temperature_c: pair(range, 'temperature_c'),
  temperature_step_c: most('temperature_step_c'),
  led_level: most('led_level'),
  uv_level: most('uv_level'),
  laser_percent: most('laser_percent'),
  laser_duty_percent: most('laser_duty_percent'),
  probe_current_a: most('probe_current_a'),
  duration_s: most('duration_s'),
};
/** Routines and commands that are not to be used. */
export const permissionFields = {
  routines: parameters({
    deny: names.optional().describe('Never opened or started.'),
    allow: names
      .optional()
      .describe('Only these are opened or started; without it, all that are not denied.'),
  }).optional(),
  commands: parameters({
    deny: z
      .array(command)
      .max(200)
      .optional()
      .describe('Never sent, as TARGET.Command; what takes energy out is sent all the same.'),
  }).optional(),
};

export const someValues = parameters(valueFields);
export type SomeValues = z.output<typeof someValues>;
/** Members that a device pattern may have. */
export const tightening = parameters({ ...valueFields, ...permissionFields });
export type Tightening = z.output<typeof tightening>;
