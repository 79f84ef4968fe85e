/**
 * Consequence of a failure for the instrument:
 * - `not_sent`: nothing left this program; the instrument is unchanged
 * - `refused`: the instrument refused the command
 * - `unknown`: sent, but without a usable answer; the command may or may not have been carried out
 * - `local`: a failure of this computer, such as a full disk, independent of the instrument
 */
export type Outcome = 'not_sent' | 'refused' | 'unknown' | 'local';

export interface ErrorDetails {
  /** The instrument's own number if it gave one, otherwise one of our words such as `reply_timeout`. */
  code: string | number;
  /** Next step, naming the call to make. */
  hint: string;
  outcome: Outcome;
  target?: string | undefined;
  command?: string | undefined;
}

/** Base of every failure that a caller is told about. The subclasses say who can fix it. */
export abstract class ArkeoError extends Error {
  readonly code: string | number;
  readonly hint: string;
  readonly outcome: Outcome;
  readonly target: string | undefined;
  readonly command: string | undefined;

  constructor(message: string, details: ErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = details.code;
    this.hint = details.hint;
    this.outcome = details.outcome;
    this.target = details.target;
    this.command = details.command;
  }
}

/** The caller's arguments are wrong; the caller can fix it. Nothing was sent. */
export class InputError extends ArkeoError {
  constructor(message: string, details: Partial<ErrorDetails> & Pick<ErrorDetails, 'hint'>) {
    super(message, { code: 'invalid_input', outcome: 'not_sent', ...details });
  }
}

/** A flag, variable or file is wrong; whoever started the server can fix it. */
export class ConfigurationError extends ArkeoError {
  constructor(message: string, hint: string) {
    super(message, { code: 'invalid_configuration', outcome: 'not_sent', hint });
  }
}

/** Codes of failures between this program and the instrument. */
export type ConnectionErrorCode =
  | 'connection_refused'
  | 'host_not_found'
  | 'connect_timeout'
  | 'unreachable'
  | 'connect_failed'
  | 'tls_failed'
  | 'connection_lost'
  | 'reply_timeout'
  | 'bad_reply'
  | 'not_an_arkeo'
  | 'queue_full'
  | 'cancelled'
  | 'safe_shutdown'
  | 'closed';

/** The connection to the instrument failed; whoever runs the instrument or the network can fix it. */
export class ConnectionError extends ArkeoError {
  override readonly code: ConnectionErrorCode;
  /** Possible fault of the connection, independent of the command that failed. */
  readonly advice: string | undefined;

  constructor(
    message: string,
    details: Omit<ErrorDetails, 'code'> & { code: ConnectionErrorCode; advice?: string | undefined },
    options?: ErrorOptions,
  ) {
    super(message, details, options);
    this.code = details.code;
    this.advice = details.advice;
  }

  /** The same failure for a request that had to precede a command, which was therefore not sent. */
  before(details: { target: string; command: string }): ConnectionError {
    return new ConnectionError(
      `${details.target}.${details.command} was not sent, because something had to be read first: ${this.message}`,
      {
        code: this.code,
        outcome: 'not_sent',
        hint: `Nothing was changed. ${this.advice ?? 'Call instrument_status, then call again if it is still wanted.'}`,
        advice: this.advice,
        ...details,
      },
      { cause: this },
    );
  }

  /** The same failure, reported for one command. */
  about(details: { target: string; command: string; hint: string }): ConnectionError {
    const { code, outcome, advice } = this;
    const hint =
      advice === undefined || details.hint.includes(advice) ? details.hint : `${details.hint} ${advice}`;
    return new ConnectionError(
      `${details.target}.${details.command}: ${this.message}`,
      { code, outcome, ...details, hint, advice },
      { cause: this },
    );
  }
}

/** The instrument answered with a refusal or with an unusable reply. */
export class InstrumentError extends ArkeoError {}

/** Codes of failures of the data folder. */
export type ArchiveErrorCode =
  | 'disk_full'
  | 'not_writable'
  | 'file_in_use'
  | 'disk_stalled'
  | 'not_a_folder'
  | 'damaged'
  | 'taken_over'
  | 'file_error';

/** A file of the archive could not be written or read; whoever runs this computer can fix it. */
export class ArchiveError extends ArkeoError {
  override readonly code: ArchiveErrorCode;

  constructor(message: string, details: { code: ArchiveErrorCode; hint: string }, options?: ErrorOptions) {
    super(message, { outcome: 'local', ...details }, options);
    this.code = details.code;
  }
}

/** A measurement failed, or could not be started. The message names the step and the data that was kept. */
export class MeasurementError extends ArkeoError {}

/** A fault of this program. */
export class InternalError extends ArkeoError {
  constructor(cause: unknown, outcome: Outcome = 'unknown') {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(
      `internal error: ${message}`,
      {
        code: 'internal_error',
        outcome,
        hint: 'This is a fault in arkeo-mcp. Call instrument_status to see what state the instrument is in.',
      },
      { cause },
    );
  }
}
