import { lenientNumber } from '../../text/lenient-number.ts';
import { findSetting } from './find-setting.ts';
import { pointsBetween } from './points-between.ts';
import { readNumber, readSetting } from './read-setting.ts';
import type { Settings } from '../settings.ts';

type Seconds = number | undefined;

/** s: from one wavelength to the next, drive and filter wheel. */
const MONOCHROMATOR_MOVE = 0.7;
/** s: to evaluate and store a delay of Photo-CELIV. */
const DELAY_TRANSFER = 1;

/** Wavelengths. */
export function ipcePoints(settings: Settings): number | undefined {
  const wavelength = (name: string): number | undefined => readNumber(settings, ['wavelength', name]);
  return pointsBetween(wavelength('Start'), wavelength('End'), wavelength('Step'));
}

/** Wavelengths × (acquisition × averages + delay + the move of the monochromator). */
export function ipceSeconds(settings: Settings): Seconds {
  const acquisition = (name: string): Seconds => readNumber(settings, ['acquisition', name]);
  const points = ipcePoints(settings);
  const reading = acquisition('Acquisition time (s)');
  if (points === undefined || reading === undefined) return undefined;
  const averages = acquisition('Averaging') ?? 1;
  return points * (reading * averages + (acquisition('Delay (s)') ?? 0) + MONOCHROMATOR_MOVE);
}

/** Σ periods/f over the frequencies, for every offset and light level, in either form. */
export function impedanceSeconds(settings: Settings): Seconds {
  const newest = readSetting(settings, ['config']) !== undefined;
  const frequencies = newest ? ['config', 'frequency', 'ramp'] : ['Freq', 'Frequency'];
  const hertz = (name: string): Seconds =>
    readNumber(settings, [...frequencies, `${name} (Hz)`]) ?? readNumber(settings, [...frequencies, name]);
  const [first, last, steps] = [
    hertz('Start'),
    hertz('Stop'),
    readNumber(settings, [...frequencies, 'Steps']),
  ];
  const periods = readNumber(settings, newest ? ['config', 'frequency', 'Periods'] : ['Freq', 'Periods']);
  const offsets = newest
    ? values(settings, ['config', 'offset'], 'mode', ['ramp', 'Steps'])
    : values(settings, ['Offset'], 'Type', ['Steps']);
  const lights = newest
    ? values(settings, ['config', 'light'], 'mode', ['ramp', 'Steps'])
    : values(settings, ['Light'], 'LightType', ['Steps']);
  if (first === undefined || last === undefined || steps === undefined || periods === undefined)
    return undefined;
  if (offsets === undefined || lights === undefined) return undefined;
  // A geometric series, as the frequencies are spaced logarithmically.
  const ratio = steps > 1 ? (first / last) ** (1 / (steps - 1)) : 1;
  const sum = Math.abs(ratio - 1) < 1e-9 ? steps : (1 - ratio ** steps) / (1 - ratio);
  const seconds = (periods / first) * sum * offsets * lights;
  return Number.isNaN(seconds) ? Infinity : seconds;
}

/** How many values an offset or light goes through; how a ramp is written is documented for the older form only. */
function values(
  settings: Settings,
  at: readonly string[],
  mode: string,
  steps: readonly string[],
): number | undefined {
  const chosen = readSetting(settings, [...at, mode]);
  if (chosen === undefined || (typeof chosen === 'string' && /^(off|fixed|voc)$/i.test(chosen))) return 1;
  return readNumber(settings, [...at, ...steps]);
}

/** In either form; undefined for the older one without output settings. */
export function tprSeconds(settings: Settings): Seconds {
  const output = (...path: string[]): Seconds => readNumber(settings, ['output_settings', ...path]);
  const ramp = readSetting(settings, ['output_settings', 'level', 'ramp']) !== false;
  const levels = ramp ? output('level', 'steps') : 1;
  const [duration, averages] = [output('pulse', 'duration'), output('pulse', 'averaging')];
  if (levels === undefined || duration === undefined || averages === undefined) return undefined;
  return levels * (averages * duration + (output('additional', 'step_delay') ?? 0));
}

/** Delays × (averages × pulse, mean delay, ramp and pause + the transfer). */
export function photoCelivSeconds(settings: Settings): Seconds {
  const output = (...path: string[]): Seconds => readNumber(settings, ['output', ...path]);
  const delay = (name: string): Seconds => output('Pulse Delay', name);
  const [first = 0, last = 0] = [delay('Start (s)'), delay('End (s)')];
  const delays = pointsBetween(delay('Start (s)'), delay('End (s)'), delay('Step (s)'));
  const [ramp, averages] = [output('V Ramp', 'Duration (s)'), output('Averages')];
  if (delays === undefined || ramp === undefined || averages === undefined) return undefined;
  const once = (output('Pulse Width (s)') ?? 0) + (first + last) / 2 + ramp + (output('Delay (s)') ?? 0);
  return delays * (averages * once + DELAY_TRANSFER);
}

/** Estimates the time of one spectrum. */
export function luminescenceSeconds(settings: Settings): Seconds {
  const milliseconds = readNumber(settings, ['integration_time']);
  return milliseconds === undefined
    ? undefined
    : (milliseconds / 1000) * (readNumber(settings, ['averages']) ?? 1);
}

const UNITS = { s: 1, min: 60, h: 3600 };

/**
 * The duration that a field of that name states, its unit behind it, e.g. `Total duration (min)`, at any depth: for
 * routines whose settings are not documented. Undefined without one, and where it is 0, which is without end.
 */
export function statedSeconds(settings: Settings, name: string): Seconds {
  const stated = Object.entries(UNITS).map(([unit, seconds]) => {
    const value = lenientNumber.parse(findSetting(settings, `${name} (${unit})`));
    return value === undefined || value <= 0 ? undefined : value * seconds;
  });
  return stated.find((seconds) => seconds !== undefined);
}
