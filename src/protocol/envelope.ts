import { type JsonRepair, parseTolerantJson, stringifyAscii } from './tolerant-json.ts';

/** The key that carries a command's parameters: newer software reads `parameter`, the oldest `params`. */
export type ParameterKey = 'parameter' | 'params';

export interface Request {
  target: string;
  command: string;
  parameter: Readonly<Record<string, unknown>>;
}

/** Members that every reply has, whichever of the documented forms it came in. */
interface ReplyBase {
  /** Undefined where the instrument left it out, which older forms do, and where it is no whole number. */
  requestId: number | undefined;
  /** There was one, and it is no whole number that a request of ours could have. */
  isIdUnreadable: boolean;
  /** The name of the simulator that answered; undefined for an instrument. */
  simulator: string | undefined;
  repairs: readonly JsonRepair[];
  encoding: 'utf-8' | 'windows-1252';
  /** The reply as it came. */
  payload: Buffer;
}

export interface SuccessReply extends ReplyBase {
  ok: true;
  /** The payload as sent; undefined when there was none (`{"status":"OK"}`). */
  data: unknown;
}

export interface ErrorReply extends ReplyBase {
  ok: false;
  code: number | undefined;
  message: string;
}

export type Reply = SuccessReply | ErrorReply;

/** Thrown when a frame is JSON but not a reply: neither an object, nor a status, data or error in it. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

/** The bytes of a request, ASCII only; `parameter` is always present. */
export function encodeRequest(request: Request, requestId: number, key: ParameterKey = 'parameter'): Buffer {
  const { target, command, parameter } = request;
  return Buffer.from(stringifyAscii({ target, command, [key]: parameter, request_id: requestId }), 'ascii');
}

/**
 * Reads a reply in any documented form. It is an error if `status` or `state` says so or a top-level
 * `error` is not null; `data.error` is a routine's state, never a failed command.
 * Throws JsonTextError and EnvelopeError.
 */
export function decodeReply(payload: Buffer): Reply {
  const { value, encoding, repairs } = parseTolerantJson(payload);
  if (!isRecord(value)) throw new EnvelopeError(`a reply must be a JSON object, this is ${kindOf(value)}`);
  const id = value['request_id'];
  const requestId = integer(id);
  const base: ReplyBase = {
    requestId,
    isIdUnreadable: requestId === undefined && id !== undefined && id !== null,
    simulator: typeof value['simulator'] === 'string' ? value['simulator'] : undefined,
    repairs,
    encoding,
    payload,
  };
  const error = value['error'];
  const hasError =
    error !== undefined && error !== null && error !== false && error !== '' && !isNoError(error);
  if (hasError || saysError(value['status']) || saysError(value['state'])) {
    return { ok: false, ...readError(error), ...base };
  }
  if (!['status', 'state', 'data'].some((key) => key in value)) {
    throw new EnvelopeError('the object has neither status nor data nor error');
  }
  return { ok: true, data: value['data'], ...base };
}

/** `{code, message}`, `"error 4006: no active routine"`, a bare number, or nothing at all. */
function readError(error: unknown): { code: number | undefined; message: string } {
  if (isRecord(error)) {
    const message = typeof error['message'] === 'string' ? error['message'] : '';
    return { code: integer(error['code']) ?? codeInText(message), message: message || 'no message given' };
  }
  if (typeof error === 'number') return { code: integer(error), message: 'no message given' };
  if (typeof error === 'string' && error !== '') return { code: codeInText(error), message: error };
  return { code: undefined, message: 'no message given' };
}

/** LabVIEW's error cluster when nothing is wrong: code 0 and no message. */
function isNoError(error: unknown): boolean {
  return isRecord(error) && error['code'] === 0 && (error['message'] ?? '') === '';
}

function codeInText(text: string): number | undefined {
  return integer(/\berror\s*:?\s*(\d+)/i.exec(text)?.[1]);
}

function saysError(status: unknown): boolean {
  return typeof status === 'string' && status.trim().toLowerCase() === 'error';
}

/** Accepts a number that is an integer, or a string that spells one. */
function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
