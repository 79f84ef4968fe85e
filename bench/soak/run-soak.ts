import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../src/simulator/random.ts';
import { type Host, startHost } from '../../test/helpers/hosts.ts';
import { drawCall, MAX_NONCE, type SoakCall } from './calls.ts';
import { type Instrument, startInstrument } from './instrument.ts';
import { type Broken, Judge, type Promised } from './judge.ts';
import { COLLECTABLE, type Mark, MemoryWatch } from './memory-watch.ts';
import { isAlive } from './process-figures.ts';

export interface SoakOptions {
  requests: number;
  seed: number;
  /** Called every few thousand calls. */
  onProgress?: (done: number, seconds: number) => void;
}

export interface SoakResult {
  options: SoakOptions;
  seconds: number;
  instrument: Pick<Instrument, 'faults' | 'sockets'> & { requests: number };
  judge: Judge;
  /** Durations of the calls, in the order in which they ended. */
  durationsMs: readonly number[];
  /** Readings of the server; empty if the system has none. */
  marks: readonly Mark[];
  /** Largest resident memory of the server, MiB. */
  highestMib: number;
  /** Time from closing the server's standard input until the server was gone. */
  endingMs: number;
  /** At most a few in full; `brokenCounts` counts all. */
  broken: readonly { promised: Promised; what: string }[];
  brokenCounts: ReadonlyMap<Promised, number>;
}

const CALLERS = 8;
const REQUEST_TIMEOUT_S = 0.15;
/**
 * Upper bound of a call: eight callers with at most eight requests each, each with a redial, a lost reply and a
 * retry.
 */
export const CALL_LIMIT_MS = 30_000;
/** The server switches everything off before it ends; a host kills it after 4 s. */
const END_LIMIT_MS = 3900;
const MAX_BROKEN = 20;

/**
 * Calls the server's tools from eight callers at once, on an instrument that misbehaves, and collects broken
 * promises.
 */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const { requests, seed, onProgress } = options;
  if (requests > MAX_NONCE) throw new RangeError(`at most ${MAX_NONCE} requests`);
  const random = new Random(seed);
  const broken: { promised: Promised; what: string }[] = [];
  const brokenCounts = new Map<Promised, number>();
  const breaks: Broken = (promised, what) => {
    brokenCounts.set(promised, (brokenCounts.get(promised) ?? 0) + 1);
    if (broken.length < MAX_BROKEN) broken.push({ promised, what });
  };
  const folder = await mkdtemp(path.join(tmpdir(), 'arkeo-mcp-soak-'));
  const instrument = await startInstrument(random.fork('instrument'), REQUEST_TIMEOUT_S * 1000);
  const judge = new Judge(instrument.ledger, breaks);
  const where = ['--host', '127.0.0.1', '--port', String(instrument.port), '--data-dir', folder];
  const limits = ['--request-timeout', String(REQUEST_TIMEOUT_S), '--max-reply-mib', '1'];
  const host = await startHost([...where, ...limits], undefined, COLLECTABLE);
  try {
    const durationsMs: number[] = [];
    const memory = new MemoryWatch(host.pid, requests, () => instrument.sockets.open);
    const began = performance.now();
    let begun = 0;
    const state = { aloneTaken: false };
    const caller = async (draws: Random): Promise<void> => {
      while (begun < requests) {
        const nonce = ++begun;
        const call = drawCall(draws, ({ alone }) => alone !== true || !state.aloneTaken);
        if (call.alone === true) state.aloneTaken = true;
        const started = performance.now();
        await oneCall({ host, instrument, judge, breaks }, call, nonce);
        durationsMs.push(performance.now() - started);
        if (call.alone === true) state.aloneTaken = false;
        const done = durationsMs.length;
        memory.look(done);
        if (done % 10_000 === 0) onProgress?.(done, (performance.now() - began) / 1000);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, i) => caller(random.fork(`caller ${i}`))));
    const seconds = (performance.now() - began) / 1000;
    await instrument.behave();
    const endingMs = await end(host, breaks);
    if (instrument.device.on.length > 0)
      breaks('ends', `left on when the server had ended: ${instrument.device.on.join(', ')}`);
    judge.conclude();
    const { faults, sockets, ledger } = instrument;
    return {
      options,
      seconds,
      instrument: { faults, sockets: { ...sockets }, requests: ledger.serial },
      judge,
      durationsMs,
      marks: memory.marks,
      highestMib: memory.highestMib,
      endingMs,
      broken,
      brokenCounts,
    };
  } finally {
    await host.close();
    await instrument.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Stage {
  host: Host;
  instrument: Instrument;
  judge: Judge;
  breaks: Broken;
}

async function oneCall(
  { host, instrument: { ledger }, judge, breaks }: Stage,
  call: SoakCall,
  nonce: number,
): Promise<void> {
  const before = ledger.serial;
  const arrivedBefore = ledger.received(call.wire);
  try {
    const result = await host.call(call.tool, call.args(nonce), { timeout: CALL_LIMIT_MS });
    // The answer may be read before the instrument's own event for the request has run.
    if (call.alone === true) await nextTurn();
    judge.take({ call, nonce, result, before, arrived: ledger.received(call.wire) - arrivedBefore });
  } catch (error) {
    breaks('ends', `${call.tool} (nonce ${nonce}) did not come back with an answer: ${String(error)}`);
  }
}

/** Closes the server's standard input, as a host does, and waits until the server is gone. */
async function end(host: Host, breaks: Broken): Promise<number> {
  const began = performance.now();
  const { pid } = host;
  const closing = host.close();
  if (pid !== null) {
    while (isAlive(pid) && performance.now() - began < END_LIMIT_MS) await sleep(10);
    if (isAlive(pid))
      breaks('ends', `the server still runs ${END_LIMIT_MS / 1000} s after its host has gone`);
  }
  const endedMs = performance.now() - began;
  await closing;
  return endedMs;
}
