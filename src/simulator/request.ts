import { parseTolerantJson } from '../protocol/tolerant-json.ts';
import { ERROR, InstrumentError } from './instrument-error.ts';
import { isRecord } from './shape.ts';

/** `newest`: the API pages of today. `oldest`: the first pages, with `params`, `GetStatus`, `LoadSettings`. */
export type Dialect = 'newest' | 'oldest';

/** A request as the simulator understood it. */
export interface SimulatorRequest {
  readonly target: string;
  readonly command: string;
  /** As sent, under whichever of the documented keys; `{}` when there was none. */
  readonly parameter: unknown;
  /** Echoed in the reply; undefined when the client sent none. */
  readonly requestId: number | string | undefined;
}

const PARAMETER_KEYS: Readonly<Record<Dialect, readonly string[]>> = {
  newest: ['parameter', 'parameters', 'params', 'data'],
  oldest: ['params'],
};

/** Reads the payload of a frame. Throws InstrumentError for what is not a request. */
export function decodeRequest(payload: Buffer, dialect: Dialect): SimulatorRequest {
  const value = parse(payload);
  if (!isRecord(value)) throw new InstrumentError(ERROR.invalidRequest, 'the request is not a JSON object');
  const { target, command, request_id: id } = value;
  if (typeof target !== 'string' || typeof command !== 'string') {
    throw new InstrumentError(ERROR.invalidRequest, 'the request needs a target and a command');
  }
  const key = PARAMETER_KEYS[dialect].find((name) => Object.hasOwn(value, name));
  return {
    target,
    command,
    parameter: (key === undefined ? undefined : value[key]) ?? {},
    requestId: typeof id === 'number' || typeof id === 'string' ? id : undefined,
  };
}

function parse(payload: Buffer): unknown {
  try {
    return parseTolerantJson(payload).value;
  } catch {
    throw new InstrumentError(ERROR.invalidRequest, 'the request is not JSON');
  }
}
