import { once } from 'node:events';
import net from 'node:net';
import { FrameDecoder } from '../../src/protocol/frame-codec.ts';
import type { Random } from '../../src/simulator/random.ts';
import { Device, type WireRequest } from './device.ts';
import { drawFault, type Fault, send } from './faults.ts';
import { Ledger } from './ledger.ts';

/** Fraction of the replies that a fault changes. */
const FAULT_RATE = 0.05;
/** Commands with deadlines of 30 s and 40 s, whatever --request-timeout says. */
const PATIENT = new Set(['MAIN.StartRoutine', 'ROUTINE.Echo']);

export interface Instrument {
  readonly port: number;
  readonly ledger: Ledger;
  readonly device: Device;
  /** Number of occurrences of each fault. */
  readonly faults: ReadonlyMap<Fault, number>;
  /** Sockets that are open now, the largest number so far, and the number accepted. */
  readonly sockets: { readonly open: number; readonly most: number; readonly accepted: number };
  /** Stops all faults and refusals from now on. */
  behave: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Starts an instrument on a free loopback port, in this process.
 *
 * @param deadlineMs of the server's usual requests
 */
export async function startInstrument(random: Random, deadlineMs: number): Promise<Instrument> {
  const ledger = new Ledger();
  const device = new Device(ledger, random.fork('device'));
  const draws = random.fork('faults');
  const faults = new Map<Fault, number>();
  const open = new Set<net.Socket>();
  const sockets = { accepted: 0, most: 0 };
  let port = 0;
  let behaves = false;
  let reopening: NodeJS.Timeout | undefined;

  const server = net.createServer((socket) => {
    open.add(socket);
    sockets.accepted++;
    sockets.most = Math.max(sockets.most, open.size);
    socket.setNoDelay(true);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    const decoder = new FrameDecoder();
    let heldBack: Buffer | undefined;
    let earlierId: number | undefined;
    socket.on('data', (chunk: Buffer) => {
      for (const payload of decoder.push(chunk)) {
        const request = JSON.parse(payload.toString()) as WireRequest;
        const body = device.answer(request, behaves);
        if (heldBack !== undefined) socket.write(heldBack);
        heldBack = undefined;
        const patient = PATIENT.has(`${request.target}.${request.command}`);
        const fault = !behaves && draws.next() < FAULT_RATE ? drawFault(draws, patient) : undefined;
        if (fault !== undefined) faults.set(fault, (faults.get(fault) ?? 0) + 1);
        const holdBack = (bytes: Buffer): void => {
          heldBack = bytes;
        };
        const id = request.request_id;
        send({ socket, body, id, earlierId, random: draws, deadlineMs, holdBack, refuse }, fault);
        earlierId = id;
      }
    });
  });

  function refuse(ms: number): void {
    if (reopening !== undefined) return;
    server.close();
    for (const socket of open) socket.destroy();
    const reopen = (): void => void server.listen(port, '127.0.0.1');
    reopening = setTimeout(reopen, ms);
    server.once('listening', () => {
      reopening = undefined;
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Another program may hold the port for a moment.
  server.on('error', () => {
    reopening = setTimeout(() => server.listen(port, '127.0.0.1'), 20);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the instrument has no port');
  port = address.port;
  return {
    port,
    ledger,
    device,
    faults,
    sockets: {
      get open() {
        return open.size;
      },
      get most() {
        return sockets.most;
      },
      get accepted() {
        return sockets.accepted;
      },
    },
    async behave() {
      behaves = true;
      if (reopening !== undefined) await once(server, 'listening');
    },
    async close() {
      clearTimeout(reopening);
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
