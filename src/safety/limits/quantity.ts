import { type Amount, amountsOf, electricalScale } from './amount.ts';
import { amperes, type Exposures, guessed, lit, NOTHING, together, volts } from './envelope.ts';
import { foldName } from './setting-name.ts';

/** Meaning of a number, a word or a flag in the settings for the sample. `scale` is to V, to A, and to full light. */
export type Quantity =
  | { readonly is: 'voltage'; readonly scale: number }
  /** A limit that the source may reach, in either direction. */
  | { readonly is: 'voltage_limit'; readonly scale: number }
  /** A limit that does nothing up to the preset of the vendor: the source sets the voltage itself. */
  | { readonly is: 'idle_limit'; readonly scale: number }
  | { readonly is: 'current'; readonly scale: number }
  /** Index of a current range: 0 is 1 µA, and ten times as much each, to 6. */
  | { readonly is: 'current_range' }
  | { readonly is: 'light'; readonly scale: number }
  /** Neither voltage nor current nor light, as long as the number lies between the two. */
  | { readonly is: 'number'; readonly min?: number; readonly max?: number }
  | { readonly is: 'word'; readonly only?: readonly string[] }
  | { readonly is: 'flag' }
  /** The documentation does not say which values there are, and they are none of voltage, current or light. */
  | { readonly is: 'anything' };

/** Result of reading a setting. */
export interface Read {
  readonly exposures: Exposures;
  /** The value means something else than was read, or might: it has to be named to a person. */
  readonly unclear: boolean;
}

const CLEAR: Read = { exposures: NOTHING, unclear: false };
const UNCLEAR: Read = { exposures: NOTHING, unclear: true };
const clearIf = (is: boolean): Read => (is ? CLEAR : UNCLEAR);

export function isElectrical({ is }: Quantity): boolean {
  return !['number', 'word', 'flag', 'anything'].includes(is);
}

/**
 * Reads a value as that quantity.
 * @param at where the value stands, for people
 * @param stated a unit that stands beside the value, as in `{value: 5, unit: "mA"}`
 */
export function readAs(quantity: Quantity, value: unknown, at: string, stated?: string): Read {
  switch (quantity.is) {
    case 'word':
      return clearIf(typeof value === 'string' && isAmong(value, quantity.only));
    case 'flag':
      return clearIf(typeof value === 'boolean');
    case 'anything':
      return clearIf(['string', 'boolean'].includes(typeof value) || Number.isFinite(value));
    case 'number':
      return clearIf(isWithin(value, quantity));
    case 'voltage':
    case 'voltage_limit':
    case 'idle_limit':
    case 'current':
    case 'current_range':
    case 'light':
      return readAmounts(quantity, value, at, stated);
  }
}

function isAmong(value: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((word) => foldName(word) === foldName(value));
}

function isWithin(
  value: unknown,
  { min = -Infinity, max = Infinity }: { min?: number; max?: number },
): boolean {
  const { whole = false, amounts = [] } = amountsOf(value) ?? {};
  return whole && amounts.every(({ number }) => Number.isFinite(number) && number >= min && number <= max);
}

type Measure = Exclude<Quantity, { is: 'number' | 'word' | 'flag' | 'anything' }>;

/** Reads the amounts of a value. If a text holds anything else, every number in it counts, as a guess. */
function readAmounts(quantity: Measure, value: unknown, at: string, stated: string | undefined): Read {
  const found = amountsOf(value);
  if (found === undefined || found.amounts.length === 0) return UNCLEAR;
  const reads = found.amounts.map((amount) =>
    readAmount(quantity, stated === undefined ? amount : { ...amount, unit: stated }, at),
  );
  const exposures = together(...reads.map((read) => read.exposures));
  return found.whole
    ? { exposures, unclear: reads.some(({ unclear }) => unclear) }
    : { exposures: guessed(exposures), unclear: true };
}

/** A unit beside the number counts, and as a guess the number without it: software may read either. */
function readAmount(quantity: Measure, { number, unit }: Amount, at: string): Read {
  if (Number.isNaN(number)) return UNCLEAR;
  const plain = expose(quantity, number, at);
  if (unit === '' || !('scale' in quantity)) return plain;
  const base = quantity.is === 'current' ? 'A' : 'V';
  // "10 m" is 10 mV, or 10 mA.
  const of = electricalScale(unit) ?? electricalScale(`${unit}${base}`);
  if (of === undefined || quantity.is === 'light') return { ...guess(plain), unclear: unit !== '%' };
  const meant = expose(
    { ...quantity, is: of.base === base ? quantity.is : other(base), scale: of.scale },
    number,
    at,
  );
  return of.base === base && of.scale === quantity.scale
    ? meant
    : { exposures: together(meant.exposures, guess(plain).exposures), unclear: of.base !== base };
}

function other(base: 'V' | 'A'): 'voltage' | 'current' {
  return base === 'V' ? 'current' : 'voltage';
}

function guess({ exposures, unclear }: Read): Read {
  return { exposures: guessed(exposures), unclear };
}

/** V: the vendor's preset of voltage limits, the middle range of the source. */
const PRESET_LIMIT = 6;
const LAST_RANGE = 6;

function expose(quantity: Measure, number: number, at: string): Read {
  const read = (exposures: Exposures): Read => ({ exposures, unclear: false });
  switch (quantity.is) {
    case 'voltage':
      return read(volts(at, number * quantity.scale));
    case 'voltage_limit':
    case 'idle_limit': {
      const limit = Math.abs(number * quantity.scale);
      if (quantity.is === 'idle_limit' && limit <= PRESET_LIMIT) return CLEAR;
      return read(volts(at, -limit, limit));
    }
    case 'current':
      return read(amperes(at, Math.abs(number * quantity.scale)));
    case 'light':
      return read(lit(at, Math.abs(number * quantity.scale)));
    case 'current_range':
      return Number.isInteger(number) && number >= 0 && number <= LAST_RANGE
        ? read(amperes(at, Number((1e-6 * 10 ** number).toPrecision(1))))
        : UNCLEAR;
  }
}
