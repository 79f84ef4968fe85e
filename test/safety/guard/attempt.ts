import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { type LimitSource } from '../../../src/safety/limits/limit-source.ts';
import type { Dialect } from '../../../src/simulator/server.ts';
import { type Rig, startRig } from '../../helpers/measuring.ts';
import type { Caution } from '../../helpers/tools.ts';
import { limitSource } from '../../helpers/all-in-one.ts';

export type Attempt = readonly [tool: string, args?: Record<string, unknown>];

/** Something that must not happen, and the calls that would make it happen. */
export interface Hazard {
  what: string;
  dialects?: readonly Dialect[];
  caution?: Caution;
  /** Of the simulator. */
  speed?: number;
  /** What goes before: opened windows, what somebody else does. */
  before?: (rig: Rig) => Promise<unknown>;
  attempts: readonly Attempt[] | ((rig: Rig) => readonly Attempt[]);
  /** Why each of them is not done: one of these codes. */
  codes: readonly string[];
  /** What must not be written: `TARGET.Command {"parameter": ...}`. */
  never: RegExp;
}

/** Limits of a file with this in it. */
export function limitsOf(file: unknown, profile = 'single_junction'): LimitSource {
  const folder = mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'limits-'));
  const name = path.join(folder, 'limits.json');
  writeFileSync(name, typeof file === 'string' ? file : JSON.stringify(file));
  return limitSource(name, profile);
}

/** Tries everything, at a host that cannot ask anybody, and finds it stopped. */
export async function tryIt(hazard: Hazard, dialect: Dialect): Promise<void> {
  const { before, attempts, codes, never, caution = {}, speed = 100 } = hazard;
  const closes: (() => Promise<void>)[] = [];
  try {
    const rig = await startRig((close) => closes.push(close), {
      speed,
      dialect,
      confirm: 'hazardous',
      ...caution,
    });
    await before?.(rig);
    for (const [tool, args = {}] of typeof attempts === 'function' ? attempts(rig) : attempts) {
      const from = rig.sent.length;
      const answer = await rig.tools.call(tool, args);
      const call = `${tool} ${JSON.stringify(args)}: ${answer.text}`;
      expect(answer.isError, call).toBe(true);
      expect(answer.error, call).toMatchObject({ outcome: 'not_sent' });
      // A documented command has a tool of its own.
      const why = tool === 'routine_custom_command' ? ['invalid_input'] : codes;
      expect(why, call).toContain((answer.error as { code: string }).code);
      expect(
        written(rig, from).filter((line) => never.test(line)),
        call,
      ).toEqual([]);
    }
  } finally {
    for (const close of closes) await close();
  }
}

/** `TARGET.Command {...}`, from there on. */
export function written({ sent }: Rig, from = 0): string[] {
  return sent
    .slice(from)
    .map(({ target, command, parameter }) => `${target}.${command} ${JSON.stringify(parameter)}`);
}

/** Opens a routine through the tools, and waits for it. */
export const opened =
  (routine: string) =>
  async (rig: Rig): Promise<void> => {
    const answer = await rig.tools.call('main_start_routine', { routine });
    expect(answer.isError, answer.text).toBe(false);
    await rig.untilStatus('Ready');
  };

/** Somebody else opens a routine. */
export const openedByOther =
  (routine: string) =>
  async (rig: Rig): Promise<void> => {
    rig.other('MAIN', 'StartRoutine', { routine });
    await rig.untilStatus('Ready');
  };

export const LEDS = Array.from({ length: 12 }, () => 0);
export const RELAYS = Array.from({ length: 8 }, () => false);
