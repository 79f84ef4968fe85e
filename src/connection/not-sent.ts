import { ConnectionError } from '../errors.ts';

export function overtakenError(): ConnectionError {
  return new ConnectionError('safe_shutdown came first', {
    code: 'safe_shutdown',
    outcome: 'not_sent',
    hint: 'Nothing was sent. Call instrument_status first, then call again if it is still wanted.',
  });
}

export function closedError(): ConnectionError {
  return new ConnectionError('arkeo-mcp is ending', {
    code: 'closed',
    outcome: 'not_sent',
    hint: 'Start the server again.',
  });
}

/** The caller gave up before its request was written. */
export function cancelledError(when: string): ConnectionError {
  return new ConnectionError(`the call was cancelled ${when}`, {
    code: 'cancelled',
    outcome: 'not_sent',
    hint: 'Nothing was sent. Call again if it is still wanted.',
  });
}

/** Lets this caller stop waiting when its signal aborts; the promise continues for the others. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelledError('while the connection was being made'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
