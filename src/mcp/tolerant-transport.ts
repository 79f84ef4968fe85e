import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { isRecord } from '../text/is-record.ts';

/**
 * A transport whose tool calls always have an object as arguments, since the SDK answers any other with an error that
 * tells a model nothing. Null is no arguments. Any other value stands as a member `arguments`, which the tool refuses
 * by name, or leaves out where the call takes energy out.
 */
export function tolerantTransport(wire: Transport): Transport {
  const outer: Transport = {
    start: async () => {
      Object.assign(wire, {
        onclose: () => outer.onclose?.(),
        onerror: (error) => outer.onerror?.(error),
        onmessage: (message, extra) => outer.onmessage?.(withArguments(message), extra),
      } satisfies Pick<Transport, 'onclose' | 'onerror' | 'onmessage'>);
      await wire.start();
    },
    send: (message, options) => wire.send(message, options),
    close: () => wire.close(),
  };
  return outer;
}

function withArguments<T extends JSONRPCMessage>(message: T): T {
  if (!('method' in message) || message.method !== 'tools/call') return message;
  const { params } = message;
  const given: unknown = params?.['arguments'];
  if (given === undefined || isRecord(given)) return message;
  return { ...message, params: { ...params, arguments: objectOf(given) } };
}

function objectOf(given: unknown): Readonly<Record<string, unknown>> {
  if (given === null) return {};
  if (typeof given !== 'string') return { arguments: given };
  try {
    const read: unknown = JSON.parse(given);
    return isRecord(read) ? read : { arguments: given };
  } catch {
    return { arguments: given };
  }
}
