import * as z from 'zod';
import { lenientNumber } from '../text/lenient-number.ts';
import { quote } from '../text/quote.ts';

/** A temperature controller as TMPCTL.GetStatus reports it. Temperatures in °C; undefined = not measured. */
export interface TemperatureController {
  address: number;
  channel: number;
  name: string;
  /** The controller's own word, such as "Ready". */
  state: string;
  errorNumber: number;
  object: number | undefined;
  sink: number | undefined;
  target: number | undefined;
  /** The controller's own word: "Not Active" while control is off. */
  stable: string;
  /** Control is on, as far as the reply shows it; undefined where it does not say. */
  active: boolean | undefined;
  /** One line for people and models. */
  text: string;
}

const reply = z.looseObject({
  address: z.number().default(0),
  channel: z.number().default(0),
  name: z.string().default(''),
  DeviceStatus: z.looseObject({ State: z.string().default(''), 'Error Number': lenientNumber }).optional(),
  LatestMeasurement: z
    .looseObject({
      'Time Stamp': z.string().nullish(),
      'Temp. Measurement': z
        .looseObject({
          'Object Temperature': lenientNumber,
          'Sink Temperature': lenientNumber,
          Stable: z.string().default(''),
        })
        .optional(),
      'Temp. Control': z.looseObject({ 'Target Object Temperature': lenientNumber }).optional(),
    })
    .optional(),
});

/** Reads TMPCTL.GetStatus: an array of controllers, or a single one. */
export function readControllers(data: unknown, context: z.RefinementCtx): TemperatureController[] {
  const parsed = z.array(reply).safeParse(Array.isArray(data) ? data : [data]);
  if (!parsed.success) {
    context.addIssue('it is not a list of temperature controllers');
    return z.NEVER;
  }
  return parsed.data.map((controller) => {
    const { address, channel, name, DeviceStatus: device, LatestMeasurement: latest } = controller;
    const measured = latest?.['Temp. Measurement'];
    // LabVIEW's unset time: nothing has been measured, and the zeros beside it are no temperatures.
    const unset = latest?.['Time Stamp']?.startsWith('1904-01-01') ?? false;
    const celsius = (value: number | undefined): number | undefined => (unset ? undefined : value);
    const stable = measured?.Stable ?? '';
    const facts = {
      address,
      channel,
      name,
      state: device?.State ?? '',
      errorNumber: device?.['Error Number'] ?? 0,
      object: celsius(measured?.['Object Temperature']),
      sink: celsius(measured?.['Sink Temperature']),
      target: celsius(latest?.['Temp. Control']?.['Target Object Temperature']),
      stable,
      active: stable === '' ? undefined : !/not active|inactive|off/i.test(stable),
    };
    return { ...facts, text: describe(facts) };
  });
}

function describe(controller: Omit<TemperatureController, 'text'>): string {
  const { address, channel, name, state, errorNumber, object, sink, target, stable } = controller;
  const celsius = (value: number | undefined): string =>
    value === undefined ? 'unknown' : `${value.toFixed(2)} °C`;
  const parts = [
    `Controller ${address}/${channel}${name === '' ? '' : ` ${quote(name)}`}`,
    `stage ${celsius(object)}`,
    `target ${celsius(target)}`,
    `sink ${celsius(sink)}`,
    `stability ${quote(stable)}`,
    `state ${quote(state)}`,
  ];
  if (errorNumber !== 0) parts.push(`ERROR ${errorNumber}`);
  return `${parts.join(', ')}.`;
}
