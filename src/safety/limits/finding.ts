import { figures } from './figures.ts';
import type { Limit, Window } from './limit-values.ts';

/** Something that exceeds a limit. Soft: a person is asked. Hard: refused. */
export interface Finding {
  readonly level: 'soft' | 'hard';
  readonly category: 'limits' | 'uv';
  /** A sentence with value, limit and unit. */
  readonly what: string;
}

/** A value as it stands in a sentence. */
interface Value {
  /** "the target temperature", "End (V)". */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly category?: Finding['category'];
}

/** Against the lowest and highest value that are allowed. */
export function outside({ value, ...about }: Value, { soft, hard }: Limit<Window>): Finding[] {
  // Sums of decimal fractions are off in the last of their digits.
  const of = { ...about, value: Number(value.toPrecision(12)) };
  if (Number.isNaN(value)) return [notANumber(of)];
  const [level, [min, max]] = isWithin(of.value, hard)
    ? (['soft', soft] as const)
    : (['hard', hard] as const);
  if (isWithin(of.value, [min, max])) return [];
  return [exceeding(of, level, of.value > max ? max : min)];
}

/** The magnitude against the highest that is allowed. Zero takes energy out and is always allowed. */
export function above(of: Value, { soft, hard }: Limit<number>): Finding[] {
  const size = Math.abs(of.value);
  return size === 0 ? [] : outside({ ...of, value: size }, { soft: [0, soft], hard: [0, hard] });
}

function isWithin(value: number, [min, max]: Window): boolean {
  return value >= min && value <= max;
}

function exceeding(of: Value, level: Finding['level'], limit: number): Finding {
  const shown = figures(of.value, limit, of.unit);
  const side = of.value > limit ? 'above' : 'below';
  return finding(of, level, `${of.what} is ${shown.value}, ${side} the ${level} limit of ${shown.limit}`);
}

function notANumber(of: Value): Finding {
  return finding(of, 'hard', `${of.what} is not a number, so that no limit can be checked`);
}

function finding({ category = 'limits' }: Value, level: Finding['level'], what: string): Finding {
  return { level, category, what };
}
