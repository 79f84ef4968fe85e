import * as z from 'zod';
import { commands } from '../instrument/commands/index.ts';
import { hasName, type RoutineDefinition } from '../instrument/routines/routine.ts';
import { completeDevice, completeMeasurement, lastOf, suggest } from './completions.ts';
import type { PromptArgument } from './define-prompt.ts';

const MOST_ITEMS = 50;
const MOST_RELAYS = 256;

export const deviceName: PromptArgument<string> = {
  description: 'Sample or device; for pixels their substrate.',
  schema: z.string().pipe(commands.ROUTINE.SetInfo.parameter.shape.device_name.unwrap()),
  complete: completeDevice,
};

export const area = number('Masked area of a device in cm², e.g. 0.1.', 1e-6, 1000);

export const relay: PromptArgument<number> = {
  ...number('Relay of the device, from 1. Without it the relays stay as they are.', 1, MOST_RELAYS, true),
  complete: suggest(...counted(8)),
};

/** Relay numbers as `1-4, 7`; undefined for `all`. */
export const relays: PromptArgument<readonly number[] | undefined> = {
  description: 'Relays of the pixels, e.g. 1-8 or 1,3,5. All unless given.',
  schema: z.string().transform((text, issues): readonly number[] | undefined => {
    if (text.toLowerCase() === 'all') return undefined;
    const ranges = items(text).map((item) => /^(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?$/.exec(item));
    const found = ranges.flatMap((range) => {
      const first = Number(range?.[1]);
      const last = Number(range?.[2] ?? first);
      return last >= first ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [Number.NaN];
    });
    if (found.length > 0 && found.every((one) => one >= 1 && one <= MOST_RELAYS)) return [...new Set(found)];
    issues.addIssue({ code: 'custom', message: 'relays such as 1-8 or 1,3,5, from 1, or all', input: text });
    return z.NEVER;
  }),
  complete: lastOf(['all', '1-4', '1-8', ...counted(16)]),
};

/** Light sources that JV has, and `external`. */
const LIGHT_SOURCES = ['12_led', 'fast_led', 'led_ring', 'external'] as const;
export const lightSource = word(
  'Light of the JV: 12_led (default), fast_led, led_ring, or external for a lamp of yours.',
  LIGHT_SOURCES,
);

/** Light sources that the instrument can dim. */
export const OWN_SOURCES = ['12_led', 'fast_led', 'led_ring'] as const;

/** An id, or `latest`. */
export function storedMeasurement(description: string, routine: string): PromptArgument<string> {
  return {
    description,
    schema: z.string().max(200, 'an id, or latest'),
    complete: completeMeasurement(routine),
  };
}

/**
 * Names of routines, spelled like the instrument's.
 *
 * @param allowed the routines that make sense here
 */
export function routineNames(
  description: string,
  allowed: readonly RoutineDefinition[],
): PromptArgument<readonly string[]> {
  const known = allowed.map(({ name }) => name);
  return {
    description,
    schema: z.string().transform((text, issues): readonly string[] => {
      const named = items(text).map((item) => allowed.find((routine) => hasName(routine, item))?.name);
      const found = named.filter((name) => name !== undefined);
      if (named.length > 0 && found.length === named.length) return [...new Set(found)];
      issues.addIssue({ code: 'custom', message: `one or several of ${known.join(', ')}`, input: text });
      return z.NEVER;
    }),
    complete: lastOf(known),
  };
}

/** One number, as the text that a form of a host gives. */
export function number(description: string, min: number, max: number, whole = false): PromptArgument<number> {
  return {
    description,
    schema: z
      .string()
      .transform(Number)
      .pipe(
        bounded(
          min,
          max,
          whole,
          `a ${whole ? 'whole number' : 'number'} from ${min} to ${max}, without a unit`,
        ),
      ),
  };
}

/**
 * Several numbers, separated by commas.
 *
 * @param usual a suggestion
 */
export function numbers(
  description: string,
  min: number,
  max: number,
  usual: readonly number[],
): PromptArgument<readonly number[]> {
  const error = `1 to ${MOST_ITEMS} numbers with commas between them, each from ${min} to ${max}, without a unit`;
  return {
    description,
    schema: z
      .string()
      .transform((text) => items(text).map(Number))
      .pipe(
        z
          .array(bounded(min, max, false, error))
          .min(1, error)
          .max(MOST_ITEMS, error),
      ),
    complete: suggest(usual.join(',')),
  };
}

export function word<const W extends readonly [string, ...string[]]>(
  description: string,
  words: W,
): PromptArgument<W[number]> {
  return {
    description,
    schema: z
      .string()
      .toLowerCase()
      .pipe(z.enum(words, `one of ${words.join(', ')}`)),
    complete: suggest(...words),
  };
}

/** @param error names the valid values */
function bounded(min: number, max: number, whole: boolean, error: string): z.ZodType<number, number> {
  return z
    .number({ error })
    .min(min, { error })
    .max(max, { error })
    .refine((value) => !whole || Number.isInteger(value), { error });
}

function items(text: string): string[] {
  return text
    .split(/[,;]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function counted(last: number): string[] {
  return Array.from({ length: last }, (_, i) => String(i + 1));
}
