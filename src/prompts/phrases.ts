import { quote } from '../instrument/quote.ts';

/** A value in a call: what was given, or `<name>` for what the model has to find out. */
export function value(name: string, given: string | number | undefined): string {
  if (given === undefined) return `<${name}>`;
  return typeof given === 'string' ? quote(given) : String(given);
}

/** `name=value` for each. */
export function passed(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, given]) => `${name}=${value(name, given)}`)
    .join(', ');
}

/** What the person has to be asked for, where something is missing. */
export function missing(values: Readonly<Record<string, unknown>>): string[] {
  const names = Object.entries(values).flatMap(([name, given]) => (given === undefined ? [`<${name}>`] : []));
  return names.length === 0 ? [] : [`Ask me for ${names.join(', ')} before anything else.`];
}

/** The first step of everything that acts. */
export const LOOK =
  'instrument_status(). If something measures, or a window is open that is not ours, ask me before you go on.';

/** The last one. Light, relays and temperature stay as they are until somebody changes them. */
export const PUT_BACK =
  'At the end, and as soon as anything looks wrong: safe_shutdown(). If a step fails, say so and ask me; skip no check.';

/** Where something takes longer than a call. */
export const WAIT = 'If a measurement is still under way, wait_for_measurement() until complete.';

/** How every report ends. */
export const HONESTLY =
  'Give units, the ids of the measurements, every warning, what was ASSUMED, and say if it was simulated.';

/** The steps with their numbers. */
export function steps(...lines: readonly (string | undefined)[]): string {
  return lines
    .filter((line) => line !== undefined)
    .map((line, i) => `${i + 1}. ${line}`)
    .join('\n');
}

/** Connects the device, if it has a relay, and makes sure of the contact. */
export function contact(relay: number | undefined, device: string | undefined): string {
  const select = relay === undefined ? '' : `select_device(relay=${relay}). `;
  return `${select}check_contact(device_name=${value('device_name', device)}); forward_v is 0.1 V beyond Voc, 1.15 unless I say otherwise. Contact not good: stop and ask me.`;
}

/** The light of a JV. One sun, unless the source cannot be set from here. */
export function lit(source: string | undefined): string {
  return source === 'external'
    ? 'light_source=external, irradiance_mw_cm2=100'
    : `light_source=${source ?? '12_led'}, light_level_percent=100, irradiance_mw_cm2=100`;
}

/** What only the person can do about it. */
export function lampReady(source: string | undefined): string {
  return source === 'external' ? 'Ask me to have the lamp on, warm, and at 100 mW/cm². ' : '';
}
