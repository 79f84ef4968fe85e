import { parseTolerantJson } from '../protocol/tolerant-json.ts';
import { ERROR, InstrumentError } from './instrument-error.ts';
import { isRecord } from './shape.ts';

/**
 * Age of the protocol. `newest`: the API pages of today. `oldest`: the first pages, with `params`, `GetStatus`,
 * `LoadSettings`.
 */
export type Dialect = 'newest' | 'oldest';

/** A request as the simulator understood it. */
export interface SimulatorRequest {
  readonly target: string;
  readonly command: string;
  /** Parameter as the client sent it, under any of the documented keys; `{}` if the request had none. */
  readonly parameter: unknown;
  /** Echoed in the reply; undefined if the request had none. */
  readonly requestId: number | string | undefined;
}

const PARAMETER_KEYS: Readonly<Record<Dialect, readonly string[]>> = {
  newest: ['parameter', 'parameters', 'params', 'data'],
  oldest: ['params'],
};

/** Reads the payload of a frame. Throws InstrumentError if the payload is not a request. */
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
