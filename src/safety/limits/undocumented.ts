import { normaliseUnit, splitHeading } from '../../science/units.ts';
import { amountsOf, electricalScale, electricalUnit, HARMLESS_UNITS } from './amount.ts';
import { guessed, NOTHING, together } from './envelope.ts';
import { type Quantity, type Read, readAs } from './quantity.ts';
import type { Leaf } from './settings-leaves.ts';
import { isAbout, LIGHT, wordsOf } from './setting-name.ts';

const HARMLESS_NUMBERS =
  /^(s|ms|us|ns|min|h|hz|khz|mhz|nm|um|mm|cm|cm2|times?|durations?|delays?|averages?|averaging|counts?|points?|samples?|steps?|cycles?|periods?|repeats?|repetitions?|scans?|smoothing|integration|thickness|area|length|width|wavelengths?|index|port|channel|address|filter|resolution|pixels?)$/;
const ELECTRICAL =
  /^(v|mv|kv|uv|a|ma|ua|na|volt.*|current.*|amp.*|compliance|bias|offset|potentials?|limits?|power|hold|range|level|gain|watts?|mw|w)$/;
const ELECTRICAL_TEXT = /volt|current|ampere|\d\s*[mkunµ]?[VA]\b/i;
const VOLTAGE = /^(volt.*|bias|potentials?)$/;
const CURRENT = /^(current.*|amp|amps|ampere.*|compliance)$/;
const BEFORE_A = /^(current.*|compliance|limits?|max|min|bias|source|drive|range)$/;
const LIMIT = /^(limits?|compliance|protection)$/;

const UNCLEAR: Read = { exposures: NOTHING, unclear: true };
const CLEAR: Read = { exposures: NOTHING, unclear: false };

/**
 * Reads a setting that is not documented by the unit in its name, such as `Max (V)`, or in its value. A number that
 * does not say what it is stays unclear; where its name is that of a voltage or current it counts as V or A, as a guess.
 * @param around what a documented setting around it is, if that is a voltage or current
 * @param at where it stands, for people
 */
export function readUndocumented(
  { path, value, unit: beside }: Leaf,
  around: Quantity | undefined,
  at: string,
): Read {
  const heading = path.at(-1) ?? '';
  const { name, unit: inName } = splitHeading(heading);
  const unit = inName === '' && beside !== undefined ? normaliseUnit(beside) : inName;
  const stated = electricalScale(electricalUnit(unit) ?? unit);
  if (stated !== undefined)
    return readAs(
      { is: stated.base === 'V' ? 'voltage' : 'current', scale: stated.scale },
      value,
      at,
      spelled(beside),
    );
  if (typeof value === 'boolean' || value === null) return isAbout(name, ELECTRICAL) ? UNCLEAR : CLEAR;
  const found = amountsOf(value);
  if (typeof value === 'string' && found?.whole !== true) return readText(name, value, at);
  if (
    typeof value === 'string' &&
    found?.amounts.some((one) => electricalScale(one.unit) !== undefined) === true
  )
    return readText(name, value, at);
  if (unit === '%') return isAbout(name, LIGHT) ? readAs({ is: 'light', scale: 0.01 }, value, at) : UNCLEAR;
  if (found === undefined || found.amounts.some(({ number }) => !Number.isFinite(number))) {
    const infinite = found?.amounts.some(({ number }) => Math.abs(number) === Infinity) === true;
    return infinite ? guess(namedQuantity(name) ?? around, value, at) : UNCLEAR;
  }
  if (inName !== '' || (unit !== '' && around === undefined))
    return HARMLESS_UNITS.has(unit) ? CLEAR : UNCLEAR;
  const quantity = namedQuantity(name) ?? around;
  if (quantity !== undefined) return guess(quantity, value, at);
  return isAbout(name, HARMLESS_NUMBERS) && !isAbout(name, ELECTRICAL) ? CLEAR : UNCLEAR;
}

/** A number without a unit inside a part that is called after a voltage or current may be in the unit of the whole. */
export function isNamedElectrical(name: string): boolean {
  return isAbout(splitHeading(name).name, ELECTRICAL);
}

function guess(quantity: Quantity | undefined, value: unknown, at: string): Read {
  if (quantity === undefined) return UNCLEAR;
  return { exposures: guessed(readAs(quantity, value, at).exposures), unclear: true };
}

/** The quantity that a name without a unit is called after: in V and A, as every documented setting of such a name. */
export function namedQuantity(name: string): Quantity | undefined {
  const last = wordsOf(name).at(-1) ?? '';
  const of = electricalScale(electricalUnit(last) ?? last);
  // "Option A" is no current.
  if (of !== undefined && (last !== 'a' || isAbout(name, BEFORE_A)))
    return { is: of.base === 'V' ? 'voltage' : 'current', scale: of.scale };
  if (isAbout(name, HARMLESS_NUMBERS) || isAbout(name, LIGHT) || isAbout(name, /^ranges?$/)) return undefined;
  if (isAbout(name, VOLTAGE)) return { is: isAbout(name, LIMIT) ? 'idle_limit' : 'voltage', scale: 1 };
  return isAbout(name, CURRENT) ? { is: 'current', scale: 1 } : undefined;
}

/** Text that is one amount of V or A is that; in any other text the amounts of V and A are guesses. */
function readText(name: string, value: string, at: string): Read {
  const { whole = false, amounts = [] } = amountsOf(value) ?? {};
  const reads = amounts.flatMap(({ number, unit }): Read[] => {
    const of = electricalScale(unit);
    return of === undefined
      ? []
      : [readAs({ is: of.base === 'V' ? 'voltage' : 'current', scale: of.scale }, number, at)];
  });
  const exposures = together(...reads.map((read) => read.exposures));
  if (whole) return { exposures, unclear: false };
  const unclear = isAbout(name, ELECTRICAL) || ELECTRICAL_TEXT.test(value);
  // The label of a range, such as "High (60V)", is nothing that is put out.
  return { exposures: isAbout(name, /^ranges?$/) ? NOTHING : guessed(exposures), unclear };
}

function spelled(unit: string | undefined): string | undefined {
  return unit === undefined ? undefined : (electricalUnit(unit) ?? normaliseUnit(unit));
}
