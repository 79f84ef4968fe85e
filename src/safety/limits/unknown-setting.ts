import { isRecord } from '../../text/is-record.ts';
import { normaliseUnit, scaleBetween, splitHeading } from '../../science/units.ts';
import { amperes, type Exposures, lit, NOTHING, together, volts } from './envelope.ts';

const HARMLESS_UNITS = new Set(
  's ms µs ns min h Hz kHz MHz 1/s S/s V/s mV/s nm µm mm cm m cm² mm² mW/cm² K °C px'.split(' '),
);
const HARMLESS_NUMBERS =
  /^(s|ms|us|ns|min|h|hz|khz|mhz|nm|um|mm|cm|cm2|times?|durations?|delays?|averages?|averaging|counts?|points?|samples?|steps?|cycles?|periods?|repeats?|repetitions?|scans?|smoothing|integration|thickness|area|length|width|wavelengths?|index|port|channel|address|filter|resolution|pixels?)$/;
const ELECTRICAL =
  /^(v|mv|kv|uv|a|ma|ua|na|volt.*|current.*|amp.*|compliance|bias|offset|potentials?|limits?|power|hold|range|level|gain|watts?|mw|w)$/;
const ELECTRICAL_TEXT = /volt|current|ampere|\d\s*[mkunµ]?[VA]\b/i;

/**
 * Reads a setting that is not documented, for documented routines: nothing, where name and value say that it is
 * neither voltage nor current nor light; undefined otherwise, also for numbers that do not say what they are.
 * @param at where it is, for people
 */
export function readUnknown(key: string, at: string, value: unknown): Exposures | undefined {
  const seen = readByUnits(key, at, value);
  const found =
    seen === undefined ? undefined : seen.voltages.length + seen.currents.length + seen.light.length;
  return found === 0 ? NOTHING : undefined;
}

/**
 * Reads settings whose structure is not documented, by the units in their names, such as `Max (V)`: understood only
 * where every number says what it is.
 */
export function readByUnits(key: string, at: string, value: unknown): Exposures | undefined {
  const { name, unit } = splitHeading(key);
  if (!isRecord(value)) {
    return Array.isArray(value)
      ? joined(value.map((element: unknown) => readByUnits(key, at, element)))
      : leaf(at, name, unit, value);
  }
  const { value: amount, unit: stated, ...others } = value;
  if (typeof stated === 'string' && amount !== undefined) {
    return Object.keys(others).length === 0 ? leaf(at, name, normaliseUnit(stated), amount) : undefined;
  }
  if (wordsOf(name).some((word) => ELECTRICAL.test(word)) && numbersWithoutUnit(value)) return undefined;
  return joined(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([inner, member]) => readByUnits(inner, at === '' ? inner : `${at} › ${inner}`, member)),
  );
}

function leaf(at: string, name: string, unit: string, value: unknown): Exposures | undefined {
  const [toVolts, toAmperes] = [scaleBetween(unit, 'V'), scaleBetween(unit, 'A')];
  const words = wordsOf(name);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return undefined;
    if (toVolts !== undefined) return volts(at, value * toVolts);
    if (toAmperes !== undefined) return amperes(at, Math.abs(value * toAmperes));
    if (unit === '%') {
      return words.some((word) => /^(level|light|intensity)$/.test(word))
        ? lit(at, Math.abs(value / 100))
        : undefined;
    }
    if (unit !== '') return HARMLESS_UNITS.has(unit) ? NOTHING : undefined;
    if (words.some((word) => ELECTRICAL.test(word))) return undefined;
    return words.some((word) => HARMLESS_NUMBERS.test(word)) ? NOTHING : undefined;
  }
  if (toVolts !== undefined || toAmperes !== undefined) return undefined;
  if (typeof value === 'string') {
    return words.some((word) => ELECTRICAL.test(word)) || ELECTRICAL_TEXT.test(value) ? undefined : NOTHING;
  }
  if (typeof value === 'boolean' || value === null) {
    return words.some((word) => ELECTRICAL.test(word)) ? undefined : NOTHING;
  }
  return undefined;
}

/** In an object such as `Bias: {Steps: 5}` a number without a unit may be in the unit of the whole. */
function numbersWithoutUnit(value: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(value).some(
    ([key, member]) => isRecord(member) || (typeof member !== 'boolean' && splitHeading(key).unit === ''),
  );
}

function joined(parts: readonly (Exposures | undefined)[]): Exposures | undefined {
  const understood = parts.filter((part) => part !== undefined);
  return understood.length === parts.length ? together(...understood) : undefined;
}

/** "integration_time_s", "Current limit", "biasVoltage" in words, small. */
function wordsOf(name: string): string[] {
  return name
    .split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
}
