import { quote } from '../text/quote.ts';

/** A value in a call; what was not given the model asks the person for. */
function value(given: string | number | undefined): string {
  if (given === undefined) return '<ask me>';
  return typeof given === 'string' ? quote(given) : String(given);
}

/** `name=value` for each. */
export function passed(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, given]) => `${name}=${value(given)}`)
    .join(', ');
}

/** The first step of everything that acts. */
export const LOOK =
  'instrument_status(). Something measures, or the window of somebody else is open: ask me.';

/** Where something takes longer than a call. */
export const WAIT = 'Under way: wait_for_measurement() until complete.';

/** The last step. Light, relays and temperature stay as they are until somebody changes them. */
export const PUT_BACK = 'At the end, or if anything goes wrong: safe_shutdown().';

/** How every report ends. */
export const HONESTLY = 'Give units, ids, warnings, what is ASSUMED or simulated.';

/** The steps with their numbers. */
export function steps(...lines: readonly string[]): string {
  return lines.map((line, i) => `${i + 1}. ${line}`).join('\n');
}

/** What stands for the sample in the calls below it. */
export function sampleIs(deviceName: string | undefined, areaCm2: number | undefined): string {
  return `SAMPLE is ${passed({ device_name: deviceName, area_cm2: areaCm2 })}.`;
}

/** What stands for the light of a JV in the calls below it. One sun, unless it cannot be set from here. */
export function lightIs(source: string | undefined): string {
  return source === 'external'
    ? 'LIGHT is light_source=external, irradiance_mw_cm2=100; ask me: lamp on and warm?'
    : `LIGHT is light_source=${source ?? '12_led'}, light_level_percent=100, irradiance_mw_cm2=100.`;
}

/** Connects the device, if it has a relay, and makes sure of the contact. */
export function contact(relay: number | undefined, deviceName: string | undefined): string {
  const select = relay === undefined ? '' : `select_device(relay=${relay}). `;
  return `${select}check_contact(${passed({ device_name: deviceName })}). Not good: stop, ask me.`;
}
