import type { JSONRPCMessage, MessageExtraInfo, Transport } from '@modelcontextprotocol/server';

/** The stream that the messages come from. */
interface Input {
  pause: () => void;
  resume: () => void;
}

export interface PacedTransport extends Transport {
  /** Hands no further message on. */
  stop: () => void;
}

/**
 * A transport that hands on one message at a time, with a turn for everything else between two. Hundreds of them may come
 * at once, and the instrument, the clock and the end of the program do not wait for all of their answers.
 */
export function pacedTransport(wire: Transport, input: Input): PacedTransport {
  const waiting: [JSONRPCMessage, MessageExtraInfo | undefined][] = [];
  let isHandingOn = false;
  let isPaused = false;
  let isStopped = false;

  const handOn = (): void => {
    const next = isStopped ? undefined : waiting.shift();
    isHandingOn = next !== undefined;
    if (next === undefined) return readOn();
    setImmediate(handOn);
    outer.onmessage?.(...next);
  };
  const readOn = (): void => {
    if (isPaused && !isStopped) input.resume();
    isPaused = false;
  };
  const pause = (): void => {
    if (!isPaused) input.pause();
    isPaused = true;
  };
  const take = (message: JSONRPCMessage, extra?: MessageExtraInfo): void => {
    if (isStopped) return;
    waiting.push([message, extra]);
    if (!isHandingOn) handOn();
    else pause();
  };

  const outer: PacedTransport = {
    start: async () => {
      Object.assign(wire, {
        onclose: () => outer.onclose?.(),
        onerror: (error) => outer.onerror?.(error),
        onmessage: take,
      } satisfies Pick<Transport, 'onclose' | 'onerror' | 'onmessage'>);
      await wire.start();
    },
    send: (message, options) => wire.send(message, options),
    close: () => wire.close(),
    stop: () => {
      isStopped = true;
      pause();
    },
  };
  return outer;
}
