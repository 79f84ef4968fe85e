import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionManager } from '../../connection/connection-manager.ts';
import type { Disk } from '../../files/disk.ts';
import { InstrumentClient } from '../../instrument/client.ts';
import { watchedBy } from '../../instrument/command-observer.ts';
import type { Product } from '../../instrument/product.ts';
import type { Logger } from '../../logger.ts';
import { AuditLog } from '../audit-log.ts';
import { Callers } from '../caller.ts';
import { Ownership } from '../ownership.ts';
import { closeWindow, safeShutdown } from '../safe-shutdown.ts';
import { ServerRecords } from '../server-records.ts';
import { keyOf } from '../thing.ts';
import { readTold } from './messages.ts';
import type { Told } from './watch-pipe.ts';

/** An instrument that does not answer is tried for so long: later somebody else may have switched something on. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 500;
const PROBE = { afterMs: 30_000, timeoutMs: 5000 };

export interface TakeOverDeps {
  product: Product;
  disk: Disk;
  logger: Logger;
  now: () => Date;
}

/**
 * Switches off what a server that is gone had on, by the same code as safe_shutdown, and nothing else. Writes what became
 * of it into the record of that server, where the next one reads it.
 */
export async function takeOver(told: Told, { product, disk, logger, now }: TakeOverDeps): Promise<void> {
  const { begin, state } = readTold(told);
  if (state.leave || state.on.length === 0) return;
  const { instrument, folder, server, host, pid, address } = begin;
  const { target, name } = product.probe;
  const connection = new ConnectionManager({
    address,
    tls: instrument.tls !== undefined,
    endpoint: () => Promise.resolve({ ...instrument, address: undefined }),
    lastAddress: state.lastAddress ?? undefined,
    connectTimeoutMs: begin.connectTimeoutMs,
    maxReplyBytes: begin.maxReplyBytes,
    probe: { request: { target, command: name, parameter: {} }, ...PROBE },
    logger,
  });
  const ownership = new Ownership(product);
  for (const thing of state.on) ownership.adopt(thing, { seenOn: thing.kind === 'run' && state.runSeen });
  for (const thing of state.unverified) ownership.adopt(thing, { acknowledged: true });
  if (state.window !== null) ownership.adoptWindow(state.window);
  const audit = new AuditLog({
    folder,
    disk,
    server: `${server}_guard`,
    now,
    callers: new Callers(),
    logger,
  });
  const records = new ServerRecords({
    folder,
    disk,
    server,
    host,
    pid,
    instrument: address,
    isAlive: () => false,
    now,
    ownership,
    logger,
  });
  const client = new InstrumentClient({
    product,
    connection,
    parameterKey: state.parameterKey,
    requestTimeoutMs: begin.requestTimeoutMs,
    userName: undefined,
    observe: watchedBy(ownership.observe, audit.observe),
  });
  const parts = { connection, client, ownership };
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const steps = await safeShutdown(parts, 'ours');
    const failed = steps.filter(({ result }) => result === 'FAILED');
    logger.warn({ failed }, 'the server is gone: what it had on is switched off');
    if (ownership.on.length === 0 || performance.now() > until) break;
    await sleep(PAUSE_MS);
  }
  if (state.window !== null && state.mayClose && ownership.on.length === 0) await closeWindow(parts, 'ours');
  const left = new Set(ownership.on.map(keyOf));
  await records.noteTakenOver(state.on.filter((thing) => !left.has(keyOf(thing))));
  await audit.flush();
  connection.close();
}
