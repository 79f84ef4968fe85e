import { InstrumentError } from '../errors.ts';
import type { ErrorReply } from '../protocol/envelope.ts';
import { refusalHint, saysBadParameters, saysUnknownCommand } from './error-hints.ts';
import { quote } from '../text/quote.ts';

/** The instrument's no, with what to do about it. */
export function refusal(
  { target, name }: { target: string; name: string },
  { code, message }: ErrorReply,
): InstrumentError {
  return new InstrumentError(
    `ARKEO refused ${target}.${name}: ${code === undefined ? '' : `error ${code}: `}${quote(message)}`,
    {
      code: code ?? 'refused',
      outcome: 'refused',
      target,
      command: name,
      hint: refusalHint(target, name, code, message),
    },
  );
}

/** The instrument's number behind a refusal; undefined for anything else. */
export function refusalCode(error: unknown): number | undefined {
  return error instanceof InstrumentError && typeof error.code === 'number' ? error.code : undefined;
}

export function isUnknownCommand(error: unknown): boolean {
  return error instanceof InstrumentError && saysUnknownCommand(refusalCode(error), error.message);
}

export function isBadParameters(error: unknown): boolean {
  return (
    error instanceof InstrumentError &&
    error.outcome === 'refused' &&
    saysBadParameters(refusalCode(error), error.message)
  );
}
