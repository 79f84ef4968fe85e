import type { ConnectionError, ConnectionErrorCode } from '../errors.ts';
import type { Kind } from './command.ts';

const NO_ROUTINE =
  'No routine is open. main_get_available_routines lists them, main_start_routine opens one.';
const BAD_PARAMETERS =
  'A parameter is missing, unknown or of the wrong type. Read the current settings with routine_get_settings and send them back with only the values changed, under exactly their names. The oldest software wants the server started with --parameter-key params.';

const BAD_VALUE =
  'Names and form are right; a value is outside what this instrument takes, or does not go with another one. The message says which: change that value and ask again. describe_routine has units and usual values.';

/** Words of a refusal that is about what a value is, and not about names or types. */
const ABOUT_VALUES =
  /\b(above|below|between|exceeds?|reaches|out of (range|bounds)|range|limit(ed|s)?|maximum|minimum|max|min|at (most|least)|(more|less|greater|larger|smaller|higher|lower|longer|shorter) than|too (many|few|large|small|high|low|long|short|big)|positive|negative|one of|whole number)\b/i;
const ABOUT_NAMES =
  /\b(missing|unknown|unexpected|unrecogni[sz]ed|no such|must be an? (number|string|array|object)|type)\b/i;

const SETTINGS_COMMANDS = ['ApplySettings', 'SetInfo', 'StartMeasurement'];
const BAD_ARGUMENTS =
  'An argument is missing, unknown or out of range for this instrument: the message says which. describe_routine has its parameters.';

const BY_COMMAND: Readonly<Record<string, string>> = {
  StartMeasurement: 'It starts only when the routine is Ready: check with routine_get_test_status.',
  StopMeasurement:
    'It stops only a measurement that is Starting or Running: check with routine_get_test_status.',
  StartRoutine:
    'Only one routine window is open at a time: main_get_active_routine says which; main_get_available_routines lists the names.',
  ApplySettings:
    'Read the settings with routine_get_settings, change only values, keep every name, and apply while the routine is Ready.',
  GetTestData: 'There is data only after a measurement: check with routine_get_test_status.',
};

/** Tells what to do after the instrument refused a command. */
export function refusalHint(
  target: string,
  command: string,
  code: number | undefined,
  message: string,
): string {
  if (code === 4006) return NO_ROUTINE;
  if (code === 1001)
    return 'An LED board takes exactly as many values as it has channels (12): led_get_status shows them.';
  if (target === 'ROUTINE' && (code === 101 || command === 'ApplySettings') && isAboutValues(message))
    return BAD_VALUE;
  if (target === 'ROUTINE' && code === 101)
    return SETTINGS_COMMANDS.includes(command) ? BAD_PARAMETERS : BAD_ARGUMENTS;
  if (target === 'ROUTINE' || target === 'MAIN') {
    const hint = BY_COMMAND[command];
    if (hint !== undefined) return hint;
  }
  if (target === 'LED' || target === 'MUX' || target === 'TMPCTL') {
    return `See what is connected with ${target.toLowerCase()}_get_status.`;
  }
  return 'Call instrument_status to see what state the instrument is in.';
}

/** "Missing or invalid parameters" alone says neither; what names a missing or unknown member is about names. */
function isAboutValues(message: string): boolean {
  return ABOUT_VALUES.test(message) && !ABOUT_NAMES.test(message);
}

/** Tells what to read to find out, if a command was sent and no usable answer came. */
function unknownOutcomeHint(target: string, command: string, kind: Kind): string {
  if (kind === 'read') return 'Reading changes nothing: it is safe to call this again.';
  const byTarget = {
    MAIN: 'main_get_active_routine',
    ROUTINE: 'routine_get_test_status',
    LED: 'led_get_status',
    MUX: 'mux_get_status',
    TMPCTL: 'tmpctl_get_status',
  }[target];
  const read = target === 'ROUTINE' && command === 'ApplySettings' ? 'routine_get_settings' : byTarget;
  return `It may or may not have been carried out. Look first (${read ?? 'instrument_status'}); do not repeat it blindly.`;
}

/** Whether a refusal means that the software does not know the command by this name. */
export function saysUnknownCommand(code: number | undefined, message: string): boolean {
  if (code === 4006 || code === 1001 || code === 101) return false;
  return /unknown|unsupported|unrecogni[sz]ed|not (?:a )?(?:valid|supported|recogni[sz]ed|found|implemented)|invalid command|no such|has no|does(?: not|n't) exist/i.test(
    message,
  );
}

/** Whether a refusal means that the parameters were missing or not as expected. */
export function saysBadParameters(code: number | undefined, message: string): boolean {
  return code === 101 || /param|argument|missing/i.test(message);
}

/**
 * Reading again, or looking at the instrument, may work at once. Where what answers is no ARKEO, or nothing can be
 * reached any more, it would not help.
 */
const LOOKING_HELPS: ReadonlySet<ConnectionErrorCode> = new Set([
  'connection_lost',
  'reply_timeout',
  'cancelled',
  'safe_shutdown',
  'closed',
]);

/** Tells what to do after a failure of the connection, given what was sent. */
export function connectionHint(error: ConnectionError, target: string, command: string, kind: Kind): string {
  return LOOKING_HELPS.has(error.code) && error.outcome === 'unknown'
    ? unknownOutcomeHint(target, command, kind)
    : error.hint;
}
