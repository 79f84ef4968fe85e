import { allInOne } from '../../src/instrument/all-in-one.ts';
import { type ClientOptions, InstrumentClient } from '../../src/instrument/client.ts';
import { connectTo } from './connection.ts';

/** A client to a port on this machine, with its connection. */
export function clientTo(
  instrument: { port: number },
  options: Partial<ClientOptions> = {},
): { client: InstrumentClient; close: () => void } {
  const connection = connectTo(instrument);
  const client = new InstrumentClient({
    product: allInOne,
    connection,
    parameterKey: 'auto',
    requestTimeoutMs: 5000,
    userName: undefined,
    ...options,
  });
  return { client, close: () => connection.close() };
}
