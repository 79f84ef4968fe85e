import { ArkeoError, ConnectionError, InputError, InternalError, MeasurementError } from '../../errors.ts';
import { quote } from '../../text/quote.ts';
import { ConfirmationRequired } from '../../safety/confirmation.ts';
import { NOT_SWITCHED_OFF } from './not-switched-off.ts';
import type { MeasureRequest } from './measured.ts';
import type { Run } from './run.ts';
import { Stopped } from './stopped.ts';

export interface NotStarted {
  request: MeasureRequest;
  run: Run;
  /** Failures to stop or to switch off, one sentence each. */
  alarms: readonly string[];
  error: unknown;
  /** It was told to stop. */
  stopped: boolean;
  /** Reads what the instrument says of the routine now. */
  state: () => Promise<string | null>;
}

/** Makes the error to throw if nothing was measured: at which step, why, and what was changed all the same. */
export async function notStarted({
  request,
  run,
  alarms,
  error,
  stopped,
  state,
}: NotStarted): Promise<Error> {
  const { step } = run;
  const cause = error instanceof ArkeoError ? error : new InternalError(error);
  const cancelled = stopped || error instanceof Stopped;
  const reason = cancelled ? 'it was told to stop' : cause.message;
  const changed =
    run.changed.length === 0 ? '' : ` Already changed, and left so: ${run.changed.join(' and ')}.`;
  if (alarms.length > 0)
    return new MeasurementError(
      `${alarms.join('; ')}. The measurement was not started: ${reason}.${changed}`,
      { code: 'not_switched_off', outcome: 'unknown', hint: NOT_SWITCHED_OFF },
      { cause },
    );
  if (cancelled)
    return new InputError(
      `the measurement was cancelled before it started, at the step "${step}".${changed}`,
      {
        code: 'cancelled',
        hint: 'Nothing was measured. Ask again if it is still wanted.',
      },
    );
  // A person is asked, and the call made again.
  if (cause instanceof ConfirmationRequired) return cause;
  // An error of the arguments needs no more words, as long as nothing was changed.
  if (cause instanceof InputError && changed === '') return cause;
  const now = cause instanceof ConnectionError || cause instanceof InputError ? null : await state();
  return new MeasurementError(
    `${request.kind.tool} did not start: at the step "${step}": ${cause.message}.${now === null ? '' : ` The routine is ${quote(now)} now.`} Nothing was measured.${changed}`,
    {
      code: cause.code,
      outcome: cause.outcome,
      hint: cause.hint,
      // If something was changed before it, `not_sent` is true of the command only: the error names the command.
      ...(cause.outcome === 'not_sent' && changed !== ''
        ? { target: cause.target, command: cause.command }
        : {}),
    },
    { cause },
  );
}
