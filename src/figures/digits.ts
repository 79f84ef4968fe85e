import { resolutionOf } from './resolution.ts';

/** Digits of an uncertainty: the second one still says something, a third never does. */
const DIGITS_OF_UNCERTAINTY = 2;
/** Maximum digits of a value, however small its uncertainty: a fit to data without noise must not fill the line. */
const MOST_DIGITS = 8;
/** Beyond these, zeros would hide the size. */
const [SMALL, LARGE] = [1e-3, 1e6];

/** A figure, rounded to the digits that mean something. */
export interface Rounded {
  /** Null where the data does not determine the figure. */
  value: number | null;
  /** One standard deviation, to two digits. */
  uncertainty?: number;
  /** Digits and uncertainty, without the unit: `1.0960`, `2410 ± 510`, `not determined`. */
  text: string;
  /** Another value of the same quantity to the same digits, such as the instrument's own. */
  also: (value: number) => Pick<Rounded, 'text'> & { value: number };
}

/**
 * The one place that decides how many digits of a figure are told: two of its uncertainty, else the stated resolution
 * of the quantity. Everything that shows a figure shows this.
 */
export function roundFigure(name: string, value: number | null, uncertainty?: number | null): Rounded {
  const known = typeof uncertainty === 'number' && Number.isFinite(uncertainty) && uncertainty > 0;
  const place = known ? placeOfUncertainty(uncertainty, value) : placeOfResolution(name, value);
  const also: Rounded['also'] = (other) => {
    const own = value === null && !known ? placeOfResolution(name, other) : place;
    return { value: roundTo(other, own), text: writeNumbers([other], own) };
  };
  if (value === null || !Number.isFinite(value)) return { value: null, text: 'not determined', also };
  if (!known) return { value: roundTo(value, place), text: writeNumbers([value], place), also };
  // An uncertainty below all digits that are told says nothing.
  if (roundTo(uncertainty, place) === 0) return roundFigure(name, value);
  return {
    value: roundTo(value, place),
    uncertainty: roundTo(uncertainty, place),
    text: writeNumbers([value, uncertainty], place),
    also,
  };
}

/** The last decimal that is told; negative where tens or hundreds are. */
function placeOfUncertainty(uncertainty: number, value: number | null): number {
  const place = placeOfDigits(uncertainty, DIGITS_OF_UNCERTAINTY);
  return value === null || value === 0 ? place : Math.min(place, placeOfDigits(value, MOST_DIGITS));
}

function placeOfResolution(name: string, value: number | null): number {
  const { step, digits } = resolutionOf(name);
  const places = [
    ...(step === undefined ? [] : [-Math.round(Math.log10(step))]),
    ...(digits === undefined || value === null || value === 0 ? [] : [placeOfDigits(value, digits)]),
  ];
  return Math.max(...places, step === undefined && places.length === 0 ? 0 : Number.NEGATIVE_INFINITY);
}

/** The place of the last of so many significant digits, after rounding: of 0.0996 the second digit is that of 0.10. */
function placeOfDigits(value: number, digits: number): number {
  return digits - 1 - exponentOf(Number(value.toPrecision(digits)));
}

function exponentOf(value: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Math.floor(Math.log10(Math.abs(value)));
}

function roundTo(value: number, place: number): number {
  const text =
    place >= 0 ? value.toFixed(Math.min(place, 100)) : `${Math.round(value * 10 ** place)}e${-place}`;
  return Number(text) + 0;
}

/** Numbers of one size with the decimals up to a place, joined by ±; with a power of ten where zeros would hide it. */
function writeNumbers(values: readonly number[], place: number): string {
  const largest = Math.max(...values.map(Math.abs));
  const rounded = Math.abs(roundTo(largest, place));
  const asPower = rounded !== 0 && (rounded < SMALL ? place > 4 : rounded >= LARGE && place < 0);
  const power = asPower ? exponentOf(rounded) : 0;
  const decimals = Math.min(100, Math.max(0, place + power));
  return values
    .map((value) => {
      const digits = (roundTo(value, place) / 10 ** power + 0).toFixed(decimals);
      return power === 0 ? digits : `${digits}e${power}`;
    })
    .join(' ± ');
}
