import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Effect } from '../../../src/instrument/effects.ts';
import { createLogger } from '../../../src/logger.ts';
import {
  type Child,
  GuardProcess,
  type GuardProcessOptions,
} from '../../../src/safety/switch-off-guard/guard-process.ts';

const LIGHT: readonly Effect[] = [{ type: 'sets_leds', address: 1, levels: [1], on: true }];
const NO_LIGHT: readonly Effect[] = [{ type: 'sets_leds', address: 1, levels: [0], on: false }];
const BOARD = { kind: 'leds', address: 1 };

/** A process that does nothing but listen, in place of one of the system. */
function listener(ready: Promise<void> = Promise.resolve()) {
  let die = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    die = resolve;
  });
  ready.catch(() => undefined);
  const lines: string[] = [];
  let isClosed = false;
  const child: Child = {
    ready,
    ended,
    tell: (line) => void lines.push(line.trim()),
    close: () => {
      isClosed = true;
    },
  };
  return {
    child,
    die,
    told: () => lines.map((line): unknown => JSON.parse(line)),
    isClosed: () => isClosed,
  };
}

function guardWith(start: () => Child) {
  const notes: string[] = [];
  const on: Record<string, unknown>[] = [];
  const options: GuardProcessOptions = {
    start,
    begin: {
      instrument: { host: 'arkeo', port: 6360 },
      address: 'arkeo:6360',
      connectTimeoutMs: 1000,
      maxReplyBytes: 1_000_000,
      requestTimeoutMs: 1000,
      folder: '/data',
      server: 'server',
      host: 'pc',
      pid: 1,
    },
    state: () => ({
      on: [...on],
      unverified: [],
      runSeen: false,
      window: null,
      mayClose: true,
      leave: false,
      parameterKey: 'parameter',
      lastAddress: null,
    }),
    note: (sentence) => void notes.push(sentence),
    logger: createLogger({ level: 'silent' }),
  };
  const guard = new GuardProcess(options);
  const command = {
    target: 'LED',
    command: 'SetValues',
    parameter: {},
    kind: 'actuate',
    effects: LIGHT,
  } as const;
  return {
    guard,
    notes,
    /** Writes a command that switches on, or off. */
    write: (isOn: boolean) => {
      on.splice(0, on.length, ...(isOn ? [BOARD] : []));
      guard.observe(command)('ok', []);
    },
  };
}

afterEach(() => void vi.useRealTimers());

describe('the guard process of a server', () => {
  it('is started by what switches on, and told of it before that is written', async () => {
    const process = listener();
    const start = vi.fn<() => Child>(() => process.child);
    const { guard, notes, write } = guardWith(start);
    await guard.before({ effects: [] });
    await guard.before({ effects: NO_LIGHT });
    expect(start).not.toHaveBeenCalled();
    await guard.before({ effects: LIGHT });
    await guard.before({ effects: LIGHT });
    expect(start).toHaveBeenCalledTimes(1);
    write(true);
    write(true);
    expect(process.told()).toMatchObject([{ type: 'begin' }, { type: 'state', on: [] }, { on: [BOARD] }]);
    guard.end();
    expect(process.told().at(-1)).toEqual({ type: 'end' });
    expect(process.isClosed()).toBe(true);
    expect(notes).toEqual([]);
  });

  it('is missed aloud where it cannot be started, and nothing is refused for it', async () => {
    const { guard, notes } = guardWith(() => {
      throw new Error('no processes left');
    });
    await guard.before({ effects: LIGHT });
    const late = guardWith(() => listener(Promise.reject(new Error('no such file'))).child);
    await late.guard.before({ effects: LIGHT });
    expect([...notes, ...late.notes]).toEqual([
      expect.stringContaining('no guard process'),
      expect.stringContaining('no guard process'),
    ]);
  });

  it('is started again when it dies with something on, and not for ever', async () => {
    const started: ReturnType<typeof listener>[] = [];
    const { guard, write } = guardWith(() => {
      const process = listener();
      started.push(process);
      return process.child;
    });
    await guard.before({ effects: LIGHT });
    write(true);
    for (let deaths = 0; deaths < 10; deaths++) {
      started.at(-1)?.die();
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(started).toHaveLength(3);
    expect(started.at(1)?.told()).toMatchObject([{ type: 'begin' }, { on: [BOARD] }]);
  });

  it('is started by the write of a command that waited until it was gone', async () => {
    vi.useFakeTimers();
    const started: ReturnType<typeof listener>[] = [];
    const { guard, write } = guardWith(() => {
      const process = listener();
      started.push(process);
      return process.child;
    });
    await guard.before({ effects: LIGHT });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(started.at(0)?.isClosed()).toBe(true);
    write(true);
    expect(started.at(1)?.told()).toMatchObject([{ type: 'begin' }, { on: [BOARD] }]);
    expect(guard.isMissing).toBe(false);
  });

  it('is told to be missing while something is on, and tried again once nothing was', async () => {
    vi.useFakeTimers();
    const start = vi.fn<() => Child>(() => {
      throw new Error('no processes left');
    });
    const { guard, write } = guardWith(start);
    for (let times = 0; times < 5; times++) await guard.before({ effects: LIGHT });
    write(true);
    expect(start).toHaveBeenCalledTimes(3);
    expect(guard.isMissing).toBe(true);
    write(false);
    expect(guard.isMissing).toBe(false);
    await vi.advanceTimersByTimeAsync(15_000);
    await guard.before({ effects: LIGHT });
    expect(start).toHaveBeenCalledTimes(4);
  });

  it.each([
    ['after the last thing was switched off', true],
    ['after what it was started for was not done', false],
  ])('ends a while %s', async (_, isWritten) => {
    vi.useFakeTimers();
    const process = listener();
    const { guard, write } = guardWith(() => process.child);
    await guard.before({ effects: LIGHT });
    await guard.before({ effects: LIGHT });
    if (isWritten) {
      write(true);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(process.isClosed()).toBe(false);
      write(false);
    }
    await vi.advanceTimersByTimeAsync(15_000);
    expect(process.told().at(-1)).toEqual({ type: 'end' });
  });
});
