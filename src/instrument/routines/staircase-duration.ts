import { JV_PATHS } from './jv-paths.ts';
import { pointsBetween } from './points-between.ts';
import { readNumber, readSetting } from './read-setting.ts';
import type { Settings } from '../settings.ts';
import { type SweepRow, sweepRows, sweptValue } from './sweep-rows.ts';

type Seconds = number | undefined;

/** More values of a swept parameter than this are no sweep that anyone runs. */
const MOST_VALUES = 10_000;

/** With Auto Voc, which cuts scans short, an upper bound. Waiting for a stable Voc counts once its time. */
export function jvSeconds(settings: Settings): Seconds {
  return staircaseSeconds(settings, jvStaircase(settings));
}

/** Counts the points of all scans, with the same upper bound. */
export function jvPoints(settings: Settings): number | undefined {
  return staircasePoints(settings, jvStaircase(settings));
}

function jvStaircase(settings: Settings): Staircase {
  const numberAt = (path: readonly string[]): Seconds => readNumber(settings, path);
  const waits = (readSetting(settings, JV_PATHS.condition) ?? 'None') !== 'None';
  return {
    points: pointsBetween(numberAt(JV_PATHS.start), numberAt(JV_PATHS.end), numberAt(JV_PATHS.step)),
    step: numberAt(JV_PATHS.step),
    rate: numberAt(JV_PATHS.rate),
    order: readSetting(settings, JV_PATHS.order),
    once: (numberAt(JV_PATHS.holdTime) ?? 0) + (waits ? (numberAt(JV_PATHS.conditionValue) ?? 0) : 0),
    turn: 0,
  };
}

/** The staircase alone: what spectra take besides is not counted. */
export function darkJvSeconds(settings: Settings): Seconds {
  return staircaseSeconds(settings, darkJvStaircase(settings));
}

/** Without those of spectra. */
export function darkJvPoints(settings: Settings): number | undefined {
  return staircasePoints(settings, darkJvStaircase(settings));
}

function darkJvStaircase(settings: Settings): Staircase {
  const scan = (name: string): Seconds => readNumber(settings, ['scan_settings', name]);
  return {
    points: pointsBetween(scan('V start (V)'), scan('V end (V)'), scan('dV (V)')),
    step: scan('dV (V)'),
    rate: scan('Scan rate (V/s)'),
    order: readSetting(settings, ['scan_settings', 'Scan Order']),
    once: scan('Precondition (s)') ?? 0,
    turn: Math.max(0, scan('Turn Hold (s)') ?? 0),
  };
}

interface Staircase {
  readonly points: number | undefined;
  readonly step: number | undefined;
  readonly rate: number | undefined;
  readonly order: unknown;
  /** s, before each run, and between its directions. */
  readonly once: number;
  readonly turn: number;
}

function staircaseSeconds(settings: Settings, { points, step, rate, order, once, turn }: Staircase): Seconds {
  const rows = sweepRows(settings);
  if (rows === undefined || points === undefined || step === undefined || rate === undefined)
    return undefined;
  const directions = directionsOf(order);
  let [runs, perVolt] = [1, 1 / rate];
  for (const row of rows) {
    const count = pointsBetween(row.Start, row.End, row.Step);
    // A step of 0, and a rate of 0 or below it, have no end.
    if (count === undefined || count > MOST_VALUES) return Infinity;
    runs *= count;
    if (/rate/i.test(row.Type))
      perVolt = row.Start > 0 && row.End > 0 ? meanReciprocal(row, count) : Infinity;
  }
  const seconds = runs * (once + turn * (directions - 1) + directions * points * step * perVolt);
  return Number.isNaN(seconds) ? Infinity : seconds;
}

function staircasePoints(settings: Settings, { points, order }: Staircase): number | undefined {
  const counts = sweepRows(settings)?.map((row) => pointsBetween(row.Start, row.End, row.Step));
  if (points === undefined || counts === undefined) return undefined;
  let total = directionsOf(order) * points;
  for (const count of counts) {
    if (count === undefined || count > MOST_VALUES) return undefined;
    total *= count;
  }
  return total;
}

function directionsOf(order: unknown): number {
  return typeof order === 'string' && /only/i.test(order) ? 1 : 2;
}

function meanReciprocal(row: SweepRow, count: number): number {
  let sum = 0;
  for (let place = 0; place < count; place++) sum += 1 / sweptValue(row, place);
  return sum / count;
}
