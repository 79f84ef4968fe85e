import type { ConnectionManager } from '../connection/connection-manager.ts';
import { ArkeoError, ConnectionError, InputError, InstrumentError } from '../errors.ts';
import type { InstrumentClient, SendOptions } from '../instrument/client.ts';
import type { Clock } from '../clock.ts';

/** Context of one change of the stage's light, temperature or relays. */
export interface StageCall {
  connection: ConnectionManager;
  client: InstrumentClient;
  /** Goes with every command: the signal, and the epoch at which the call began. */
  send: SendOptions;
  clock: Clock;
}

const REREAD_MS = 100;

/**
 * Reads until what is read is right, for at most that long: a board reports a change with some delay.
 * Returns what was read last.
 */
export async function readUntil<T>(
  { clock, send: { signal } }: StageCall,
  withinMs: number,
  read: () => Promise<T>,
  isRight: (value: T) => boolean,
): Promise<T> {
  const until = clock.now() + withinMs;
  let value = await read();
  while (!isRight(value) && clock.now() < until) {
    await clock.pause(REREAD_MS, signal);
    value = await read();
  }
  return value;
}

/** Switching off goes past whatever hangs, and so do the reads that it takes. */
export async function pastOthers<T>(call: StageCall, act: (call: StageCall) => Promise<T>): Promise<T> {
  if (!call.connection.wantsSafetyLane) return act(call);
  const lane = call.connection.openSafetyLane();
  try {
    return await act({ ...call, send: { ...call.send, lane } });
  } finally {
    lane.close();
  }
}

/**
 * The same failure with what it left behind. Something was sent before it, so that "not sent" is no longer true of
 * the whole.
 */
export function withConsequence(error: unknown, sentence: string, hint: string): unknown {
  if (!(error instanceof ArkeoError)) return error;
  const message = `${error.message}; ${sentence}`;
  const { target, command } = error;
  const outcome = error.outcome === 'not_sent' ? 'unknown' : error.outcome;
  const details = { target, command, outcome, hint };
  const cause = { cause: error };
  if (error instanceof ConnectionError)
    return new ConnectionError(message, { ...details, code: error.code }, cause);
  if (error instanceof InputError) return new InputError(message, { ...details, code: error.code });
  return new InstrumentError(message, { ...details, code: error.code }, cause);
}

/**
 * Runs something that may take only so long. The signal it gets aborts then, or with the given one.
 * (One made by AbortSignal.any can be collected before it fires on Node 20.)
 */
export async function limited<T>(
  signal: AbortSignal,
  ms: number,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort();
  const timer = setTimeout(onAbort, ms);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    return await act(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
