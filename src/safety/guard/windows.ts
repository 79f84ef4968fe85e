import { statusWord } from '../../instrument/routine-status.ts';
import { quote } from '../../text/quote.ts';
import type { Product } from '../../instrument/product.ts';
import type { Situation } from './situation.ts';
import { ALLOWED, ask, refuse, type Verdict } from './verdict.ts';

const OR_TAKE_OVER = 'or, if the person wants it, ask again with take_over true.';

/**
 * Makes the key for taking one window over: a person who agreed to it has agreed to all that has to be done with the
 * window.
 */
export function takeOverKey(active: string): string {
  return JSON.stringify(['take-over', active]);
}

/** A run that is not ours is not touched: it has to be stopped first, which takes the word of a person. */
export function onRunOfOthers(situation: Situation, what: string): Verdict {
  if (!situation.runOfOthers) return ALLOWED;
  const { active, status, opening } = situation;
  const window = quote(active ?? 'the open routine');
  const seen = status === undefined ? 'under way' : statusWord(status);
  return refuse(
    'run_not_ours',
    opening
      ? `the window of ${window}, which this server did not open, is being set up: ${what} would disturb it`
      : `a measurement of ${window} is ${seen} that this server did not start: ${what} would disturb it`,
    'Wait until instrument_status shows Ready; or, if the person wants it stopped: routine_stop_measurement with scope "everything".',
  );
}

/** StartMeasurement: not while something runs, whoever started it; a second start may be that of somebody else's settings. */
export function onStartingAgain(situation: Situation): Verdict {
  if (!situation.measuring || situation.runOfOthers) return ALLOWED;
  return refuse(
    'run_under_way',
    `${quote(situation.active ?? 'the open routine')} is measuring already`,
    'Wait until routine_get_test_status says Ready, or stop it first: routine_stop_measurement.',
  );
}

/** StartRoutine: only into free room, or where the wanted window is open and idle. */
export function onOpening(
  wanted: string,
  situation: Situation,
  takeOver: boolean,
  { isSameRoutine }: Product,
): Verdict {
  const { active, windowOurs } = situation;
  if (active === null) return ALLOWED;
  if (isSameRoutine(active, wanted)) return onRunOfOthers(situation, `opening ${quote(wanted)}`);
  if (situation.measuring)
    return refuse(
      'run_under_way',
      `${quote(active)} is measuring: its window cannot make room for ${quote(wanted)}`,
      'Wait until instrument_status shows Ready, or stop it first.',
    );
  if (windowOurs)
    return refuse(
      'window_open',
      `the window of ${quote(active)} is open, and only one is at a time`,
      'Close it first: routine_close_routine.',
    );
  return takeOver
    ? ask(
        'take-over',
        `opening ${quote(wanted)} although somebody else has ${quote(active)} open`,
        takeOverKey(active),
      )
    : refuse('window_not_ours', notOurs(active), `Ask the person to close it at the ARKEO, ${OR_TAKE_OVER}`);
}

/** CloseRoutine: its data can no longer be fetched afterwards. */
export function onClosing(situation: Situation, takeOver: boolean): Verdict {
  const { active, windowOurs } = situation;
  if (active === null) return ALLOWED;
  if (situation.measuring)
    return refuse(
      'run_under_way',
      `${quote(active)} is measuring, and closing it would lose the data`,
      `Stop it first: ${situation.runOfOthers ? 'routine_stop_measurement with scope "everything", if the person says so' : 'cancel_measurement or routine_stop_measurement'}.`,
    );
  if (windowOurs) return ALLOWED;
  return takeOver
    ? ask(
        'take-over',
        `closing ${quote(active)}, which somebody else opened; its data is then gone`,
        takeOverKey(active),
      )
    : refuse('window_not_ours', notOurs(active), `Ask the person to close it at the ARKEO, ${OR_TAKE_OVER}`);
}

function notOurs(active: string): string {
  return `the window of ${quote(active)} is open, and this server did not open it`;
}
