import type { Transport } from '@modelcontextprotocol/server';

/** No host that reads leaves so much lying: the longest message has less than 10 MiB. */
const MOST_UNREAD_BYTES = 32 * 1024 * 1024;

/**
 * A transport whose host has to read: what it leaves unread is kept in memory, and grows with every answer.
 * @param unread bytes that were sent and not taken yet
 * @param onTooMuch told when they are more than any host that reads leaves
 */
export function boundedTransport(wire: Transport, unread: () => number, onTooMuch: () => void): Transport {
  const send = wire.send.bind(wire);
  wire.send = (message, options) => {
    const sent = send(message, options);
    if (unread() > MOST_UNREAD_BYTES) onTooMuch();
    return sent;
  };
  return wire;
}
