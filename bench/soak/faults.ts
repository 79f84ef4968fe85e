import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { encodeFrame } from '../../src/protocol/frame-codec.ts';
import type { Random } from '../../src/simulator/random.ts';

/** A reply before it is sent, and the possible interventions. */
export interface Reply {
  socket: Socket;
  body: Record<string, unknown>;
  id: number;
  /** The id of the request before on this socket; undefined for the first. */
  earlierId: number | undefined;
  random: Random;
  /** Deadline of the caller. */
  deadlineMs: number;
  /** Sends these bytes in front of the next reply on this socket. */
  holdBack: (bytes: Buffer) => void;
  /** Stops listening for that long. */
  refuse: (ms: number) => void;
}

interface FaultKind {
  weight: number;
  /** True if the caller waits until its deadline. */
  silent?: true;
  act: (reply: Reply) => void;
}

/** Faults. Each one comes after the request was carried out or refused. */
const KINDS = {
  'split frame': { weight: 12, act: split },
  delay: {
    weight: 10,
    act: (reply) => later(reply, reply.random.uniform(1, 20), () => reply.socket.write(frameOf(reply))),
  },
  'cut, FIN': { weight: 10, act: (reply) => reply.socket.end(partOf(reply)) },
  'cut, RST': {
    weight: 10,
    act: (reply) => void reply.socket.write(partOf(reply), () => reply.socket.resetAndDestroy()),
  },
  'closed without a byte': { weight: 4, act: ({ socket }) => socket.end() },
  garbage: { weight: 10, act: garbage },
  silence: { weight: 1.5, silent: true, act: () => undefined },
  'late, after the deadline': {
    weight: 1.5,
    silent: true,
    act: (reply) => later(reply, reply.deadlineMs + 30, () => reply.socket.write(frameOf(reply))),
  },
  'stops in the middle': { weight: 1, silent: true, act: (reply) => reply.socket.write(partOf(reply)) },
  'id of an earlier request': {
    weight: 1.5,
    silent: true,
    act: (reply) => reply.socket.write(frameOf(reply, reply.earlierId ?? foreignId(reply))),
  },
  'twice at once': {
    weight: 6,
    act: (reply) => reply.socket.write(Buffer.concat([frameOf(reply), frameOf(reply)])),
  },
  'again before the next reply': {
    weight: 8,
    act(reply) {
      reply.socket.write(frameOf(reply));
      reply.holdBack(frameOf(reply));
    },
  },
  'wrong id': { weight: 8, act: (reply) => reply.socket.write(frameOf(reply, foreignId(reply))) },
  'no id': { weight: 8, act: ({ socket, body }) => socket.write(frame(JSON.stringify(body))) },
  'oversized length': { weight: 8, act: ({ socket }) => socket.write(header(0x7fff_ffff)) },
  'zero length': { weight: 8, act: ({ socket }) => socket.write(header(0)) },
  'invalid UTF-8': {
    weight: 8,
    act: (reply) =>
      reply.socket.write(frame(textOf(reply).replace(/^\{/, '{"note":"\u00e9\u00b2",'), 'latin1')),
  },
  'HTTP answer': {
    weight: 5,
    act: ({ socket }) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  },
  'refused for a moment': { weight: 3, act: ({ refuse, random }) => refuse(random.uniform(20, 120)) },
} satisfies Record<string, FaultKind>;

export type Fault = keyof typeof KINDS;
const ENTRIES: readonly (readonly [Fault, FaultKind])[] = (Object.keys(KINDS) as Fault[]).map((name) => [
  name,
  KINDS[name],
]);
export const FAULTS: readonly Fault[] = ENTRIES.map(([name]) => name);

/** @param patient true if the deadline of the command is long: then no fault is drawn that lasts until then */
export function drawFault(random: Random, patient: boolean): Fault {
  const kinds = ENTRIES.filter(([, { silent }]) => !patient || silent !== true);
  let left = random.uniform(
    0,
    kinds.reduce((sum, [, { weight }]) => sum + weight, 0),
  );
  return kinds.find(([, { weight }]) => (left -= weight) < 0)?.[0] ?? 'split frame';
}

export function send(reply: Reply, fault: Fault | undefined): void {
  if (fault === undefined) reply.socket.write(frameOf(reply));
  else KINDS[fault].act(reply);
}

function split(reply: Reply): void {
  const bytes = frameOf(reply);
  const cuts = Array.from({ length: 4 }, () => Math.floor(reply.random.uniform(1, bytes.length)));
  const ends = [...new Set([...cuts, 3, bytes.length])].sort((a, b) => a - b);
  void (async () => {
    for (const [i, end] of ends.entries()) {
      if (reply.socket.destroyed) return;
      reply.socket.write(bytes.subarray(ends[i - 1] ?? 0, end));
      await nextTurn();
    }
  })();
}

function garbage({ socket, random }: Reply): void {
  const bytes = Buffer.from(Array.from({ length: 40 }, () => Math.floor(random.uniform(0, 256))));
  const forms = [
    // Read as a length, these first bytes exceed any limit.
    Buffer.concat([Buffer.from([0xff]), bytes]),
    encodeFrame(bytes),
    frame('{"status":"OK","data":{'),
    frame('["OK"]'),
    frame('{}'),
  ];
  socket.write(forms[Math.floor(random.uniform(0, forms.length))] ?? bytes);
}

function later({ socket }: Reply, ms: number, act: () => void): void {
  setTimeout(() => {
    if (!socket.destroyed) act();
  }, ms);
}

function frameOf(reply: Reply, id = reply.id): Buffer {
  return frame(textOf(reply, id));
}

function textOf({ body, id: own }: Reply, id = own): string {
  return JSON.stringify({ ...body, request_id: id });
}

/** Some bytes of the reply, at least one and never all. */
function partOf(reply: Reply): Buffer {
  const bytes = frameOf(reply);
  return bytes.subarray(0, Math.floor(reply.random.uniform(1, bytes.length)));
}

function frame(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): Buffer {
  return encodeFrame(Buffer.from(text, encoding));
}

function header(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** An id that no request had: ids of arkeo-mcp begin below 2³⁰ and count up. */
function foreignId({ random }: Reply): number {
  return 2 ** 31 + Math.floor(random.uniform(0, 2 ** 20));
}
