import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { decodeReply, type ErrorReply, type Reply, type SuccessReply } from '../../src/protocol/envelope.ts';
import { encodeFrame, FrameDecoder } from '../../src/protocol/frame-codec.ts';
import { stringifyAscii } from '../../src/protocol/tolerant-json.ts';
import type { Clock } from '../../src/simulator/clock.ts';
import { Instrument } from '../../src/simulator/instrument.ts';
import type { Dialect } from '../../src/simulator/request.ts';
import { type ServeOptions, type Simulator, serveInstrument } from '../../src/simulator/server.ts';

/** A clock that only the test moves. */
export class ManualClock implements Clock {
  #now = 0;
  seconds(): number {
    return this.#now;
  }
  wallTime(): Date {
    return new Date('2026-03-01T10:00:00.000Z');
  }
  pass(seconds: number): void {
    this.#now += seconds;
  }
}

type Members = Readonly<Record<string, unknown>>;

/** One socket to the simulator, one request at a time. */
export class TestClient {
  readonly socket: Socket;
  readonly #decoder = new FrameDecoder();
  readonly #waiting: ((payload: Buffer | undefined) => void)[] = [];
  readonly #early: Buffer[] = [];
  readonly received: Buffer[] = [];
  #id = 100;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    });
    socket.on('data', (chunk) => {
      this.received.push(chunk);
      for (const payload of this.#decoder.push(chunk)) {
        const resolve = this.#waiting.shift();
        if (resolve === undefined) this.#early.push(payload);
        else resolve(payload);
      }
    });
  }

  /** Sends a request of any form and does not wait. */
  sendJson(request: unknown): void {
    this.socket.write(encodeFrame(Buffer.from(stringifyAscii(request))));
  }

  /** The next payload; undefined when the connection closed instead. */
  payload(): Promise<Buffer | undefined> {
    const early = this.#early.shift();
    if (early !== undefined) return Promise.resolve(early);
    if (this.socket.destroyed) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async reply(): Promise<Reply> {
    const payload = await this.payload();
    if (payload === undefined) throw new Error('the connection closed');
    return decodeReply(payload);
  }

  /** Sends a request; `members` are its other top-level members. */
  async ask(target: string, command: string, members: Members = { parameter: {} }): Promise<Reply> {
    this.sendJson({ target, command, ...members, request_id: ++this.#id });
    return this.reply();
  }

  /** The data of a request that must succeed. */
  async data(target: string, command: string, parameter: Members = {}): Promise<unknown> {
    const reply = await this.ask(target, command, { parameter });
    return succeeded(reply).data;
  }

  /** The error of a request that must be refused. */
  async refusal(target: string, command: string, parameter: Members = {}): Promise<ErrorReply> {
    const reply = await this.ask(target, command, { parameter });
    if (reply.ok) throw new Error(`${target}.${command} was not refused`);
    return reply;
  }
}

/** Stands for any string with this in it. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}

/** Stands for any number that is this one to a number of digits. */
export function about(value: number, digits: number): unknown {
  return expect.closeTo(value, digits);
}

export function succeeded(reply: Reply): SuccessReply {
  if (!reply.ok) throw new Error(`refused: ${reply.code} ${reply.message}`);
  return reply;
}

export async function connectTo(simulator: Simulator): Promise<TestClient> {
  const socket = connect(simulator.port, simulator.host);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return new TestClient(socket);
}

export interface Setup {
  client: TestClient;
  clock: ManualClock;
  simulator: Simulator;
}

/** A simulator whose time stands still until the test lets it pass, and a client of it. */
export async function setUp(
  options: ServeOptions & { dialect?: Dialect; seed?: number } = {},
): Promise<Setup> {
  const { dialect = 'newest', seed = 1, ...serve } = options;
  const clock = new ManualClock();
  const simulator = await serveInstrument(new Instrument({ clock, seed, dialect, version: '1.2.3' }), serve);
  onTestFinished(() => simulator.close());
  return { client: await connectTo(simulator), clock, simulator };
}

/** Opens a routine and lets it get Ready. */
export async function openRoutine({ client, clock }: Setup, routine: string): Promise<void> {
  await client.data('MAIN', 'StartRoutine', { routine });
  clock.pass(1.5);
}

/** Contacts one pixel, counted from 1, and no other. */
export async function closeRelay({ client }: Setup, pixel: number): Promise<void> {
  await client.data('MUX', 'Connect');
  await client.data('MUX', 'SetStatus', { state: Array.from({ length: 8 }, (_, i) => i + 1 === pixel) });
}

/** NaN and Infinity are numbers here, as they are on the wire. */
export const wireNumber = z.custom<number>((value) => typeof value === 'number');
const quantity = z.strictObject({ value: wireNumber, unit: z.string() });

const jvScan = z.strictObject({
  name: z.enum(['forward', 'reverse']),
  sweep_indices: z.array(z.number()),
  data_schema: z.array(z.strictObject({ name: z.string(), unit: z.string() })),
  data: z.array(z.tuple([wireNumber, wireNumber])),
  parameters: z.strictObject({
    voc: quantity,
    jsc: quantity,
    v_mpp: quantity,
    j_mpp: quantity,
    p_mpp: quantity,
    r_series: quantity,
    r_shunt: quantity,
    'fill factor': quantity,
    efficiency: quantity,
  }),
});

const jvData = z.strictObject({
  user: z.string(),
  device: z.string(),
  area_cm2: z.number(),
  temperature: z.number(),
  acquisition_time: z.string(),
  scans: z.array(jvScan),
});

export type JvData = z.infer<typeof jvData>;
export type JvScan = z.infer<typeof jvScan>;

const testStatus = z.strictObject({
  routine_status: z.string(),
  routine_name: z.string(),
  progress: z.unknown(),
  error: z.unknown(),
});

export async function statusOf(client: TestClient): Promise<z.infer<typeof testStatus>> {
  return testStatus.parse(await client.data('ROUTINE', 'GetTestStatus'));
}

export async function jvDataOf(client: TestClient): Promise<JvData> {
  return jvData.parse(await client.data('ROUTINE', 'GetTestData'));
}

/** What a JV measurement takes at most in these tests, s: one scan at 0.02 V/s is 71 s. */
const LONG = 400;

/** Applies settings to the open JV, measures, and returns the data. */
export async function measureJv(setup: Setup, settings: Members = {}): Promise<JvData> {
  const { client, clock } = setup;
  await client.data('ROUTINE', 'ApplySettings', settings);
  await client.data('ROUTINE', 'StartMeasurement');
  clock.pass(LONG);
  const status = await statusOf(client);
  if (status.routine_status !== 'Ready') throw new Error(`not finished: ${JSON.stringify(status)}`);
  return jvDataOf(client);
}

export function scanOf(data: JvData, name: JvScan['name']): JvScan {
  const scan = data.scans.find((candidate) => candidate.name === name);
  if (scan === undefined) throw new Error(`no ${name} scan`);
  return scan;
}

/** Settings of JV by short names. */
export function jvSettings(short: {
  scan?: Members;
  precondition?: Members;
  light?: Members;
  device?: Members;
  compliance?: number;
}): Members {
  const { scan, precondition, light, device, compliance } = short;
  return {
    ...(scan && { scan_settings: { scan } }),
    ...(precondition && { precondition }),
    ...(light && { light }),
    ...(device && { device }),
    ...(compliance !== undefined && { device_settings: { 'Compliance (A)': compliance } }),
  };
}

export const ONE_SUN = { Source: '12 LED', 'Irradiance (mW/cm2)': 100, 'Level (%)': 100 };
