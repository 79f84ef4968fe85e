import { quote } from '../text/quote.ts';

/** Formats a value in a call; for a missing one the model asks the person. */
function value(given: string | number | undefined): string {
  if (given === undefined) return '<ask me>';
  return typeof given === 'string' ? quote(given) : String(given);
}

/** Formats `name=value` for each. */
export function passed(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, given]) => `${name}=${value(given)}`)
    .join(', ');
}

/** The first step of every prompt that changes anything. */
export const LOOK =
  'instrument_status(). Something measures, or the window of somebody else is open: ask me.';

/** Step for measurements that take longer than a call. */
export const WAIT = 'Under way: wait_for_measurement() until complete.';

/** The last step. Light, relays and temperature stay as they are until they are changed. */
export const PUT_BACK = 'At the end, or if anything goes wrong: safe_shutdown().';

/** End of every report. */
export const HONESTLY = 'Give units, ids, warnings, what is ASSUMED or simulated.';

/** Numbers the steps. */
export function steps(...lines: readonly string[]): string {
  return lines.map((line, i) => `${i + 1}. ${line}`).join('\n');
}

/** Defines the sample for the calls that follow. */
export function sampleIs(deviceName: string | undefined, areaCm2: number | undefined): string {
  return `SAMPLE is ${passed({ device_name: deviceName, area_cm2: areaCm2 })}.`;
}

/** Defines the light of a JV for the calls that follow: one sun, unless the server cannot set it. */
export function lightIs(source: string | undefined): string {
  return source === 'external'
    ? 'LIGHT is light_source=external; ask me: lamp on and warm, its irradiance_mw_cm2?'
    : `LIGHT is light_source=${source ?? '12_led'}, light_level_percent=100.`;
}

/** Step that connects the device, if it has a relay, and checks its contact. */
export function contact(relay: number | undefined, deviceName: string | undefined): string {
  const select = relay === undefined ? '' : `select_device(relay=${relay}). `;
  return `${select}check_contact(${passed({ device_name: deviceName })}). Not good: stop, ask me.`;
}
