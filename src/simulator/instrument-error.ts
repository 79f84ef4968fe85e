/**
 * Error codes of the simulated instrument.
 *
 * Documented: 101, 1001, 4006 and, inside a routine's status, 5003. The documentation gives no codes for the
 * other refusals; the numbers here are ours, so a client must not build on them.
 */
export const ERROR = {
  internal: 1,
  invalidRequest: 100,
  invalidParameters: 101,
  unknownTarget: 102,
  unknownCommand: 103,
  ledArrayLength: 1001,
  muxNotConnected: 2001,
  routineOpen: 4001,
  notReady: 4002,
  notMeasuring: 4003,
  noActiveRoutine: 4006,
  smuNotResponding: 5003,
} as const;

/** A refusal by the instrument, which becomes an error reply. */
export class InstrumentError extends Error {
  override readonly name = 'InstrumentError';
  readonly code: number;
  /**
   * Form of the reply. `bare` is documented for a wrong LED array length: `{"state":"error","error":{…}}` with
   * neither `status` nor `request_id`.
   */
  readonly form: 'envelope' | 'bare';

  constructor(code: number, message: string, form: 'envelope' | 'bare' = 'envelope') {
    super(message);
    this.code = code;
    this.form = form;
  }
}

/** Makes error 101 with a message that names the wrong parameter. */
export function invalidParameters(detail: string): InstrumentError {
  return new InstrumentError(ERROR.invalidParameters, `Invalid parameters: ${detail}`);
}
