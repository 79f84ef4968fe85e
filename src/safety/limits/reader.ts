import { isRecord } from '../../text/is-record.ts';
import { scaleBetween } from '../../science/units.ts';
import { amperes, type Exposures, lit, NOTHING, together, volts } from './envelope.ts';
import { readUnknown } from './unknown-setting.ts';

/**
 * Reads a part of the settings: what it exposes the sample to, or undefined where it is not understood.
 * @param at where it is, for people
 */
export type Reader = (value: unknown, at: string) => Exposures | undefined;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const nothingIf =
  (fits: (value: unknown) => boolean): Reader =>
  (value) =>
    fits(value) ? NOTHING : undefined;

export const number = nothingIf(isNumber);
export const text = nothingIf((value) => typeof value === 'string');
export const flag = nothingIf((value) => typeof value === 'boolean');
/** A setting whose values are not documented, and that is none of voltage, current or light. */
export const scalar = nothingIf(
  (value) => isNumber(value) || typeof value === 'string' || typeof value === 'boolean',
);
/** A part that is not documented, and that shows no voltage or current. */
export const undocumented: Reader = (value, at) => readUnknown('', at, value);

/** Understood, and harmless, only as one of these. */
export function oneOf(...known: readonly (string | number)[]): Reader {
  return nothingIf((value) => known.some((one) => one === value));
}

/** Understood, and harmless, only as a number from `min` to `max`. */
export function between(min: number, max: number): Reader {
  return nothingIf((value) => isNumber(value) && value >= min && value <= max);
}

export const voltage: Reader = (value, at) => (isNumber(value) ? volts(at, value) : undefined);
export const current: Reader = (value, at) =>
  isNumber(value) && value >= 0 ? amperes(at, value) : undefined;
/** 0 to 1. */
export const level: Reader = (value, at) => (isNumber(value) && value >= 0 ? lit(at, value) : undefined);
/** 0 to 100. */
export const percent: Reader = (value, at) =>
  isNumber(value) && value >= 0 ? lit(at, value / 100) : undefined;

/** V: the vendor's preset of voltage limits, the middle range of the source. */
const PRESET_LIMIT = 6;
/**
 * The voltage limit of a source that sets the voltage: up to the preset it does nothing. Beyond it somebody means to
 * reach it.
 */
export const idleVoltageLimit: Reader = (value, at) => {
  if (!isNumber(value) || value < 0) return undefined;
  return value <= PRESET_LIMIT ? NOTHING : volts(at, -value, value);
};

/** `{value, unit}`, the unit an ampere with any prefix, or left out. */
export const currentWithUnit: Reader = (value, at) => {
  if (!isRecord(value) || !isNumber(value['value']) || value['value'] < 0) return undefined;
  const { value: amount, unit = 'A', ...rest } = value;
  const scale = typeof unit === 'string' ? scaleBetween(unit, 'A') : undefined;
  if (scale === undefined || Object.keys(rest).length > 0) return undefined;
  return amperes(at, amount * scale);
};

/** Current ranges of the source by index: 1 µA, and ten times as much each, to 1 A. */
export const currentRange: Reader = (value, at) =>
  isNumber(value) && Number.isInteger(value) && value >= 0 && value <= 6
    ? amperes(at, Number((1e-6 * 10 ** value).toPrecision(1)))
    : undefined;

export function optional(read: Reader): Reader {
  return (value, at) => (value === undefined ? NOTHING : read(value, at));
}

/** An object. All members are needed unless `optional`; others pass where they show no voltage or current. */
export function members(known: Readonly<Record<string, Reader>>): Reader {
  return (value, at) => {
    if (!isRecord(value)) return undefined;
    const inside = (key: string): string => (at === '' ? key : `${at} › ${key}`);
    const parts = [
      ...Object.entries(known).map(([key, read]) =>
        read(Object.hasOwn(value, key) ? value[key] : undefined, inside(key)),
      ),
      ...Object.entries(value)
        .filter(([key, member]) => !Object.hasOwn(known, key) && member !== undefined)
        .map(([key, member]) => readUnknown(key, inside(key), member)),
    ];
    const understood = parts.filter((part) => part !== undefined);
    return understood.length === parts.length ? together(...understood) : undefined;
  };
}

/** Reads on with the knowledge of what was read, for what depends on several settings. */
export function considering(
  read: Reader,
  next: (value: unknown, seen: Exposures) => Exposures | undefined,
): Reader {
  return (value, at) => {
    const seen = read(value, at);
    return seen === undefined ? undefined : next(value, seen);
  };
}
