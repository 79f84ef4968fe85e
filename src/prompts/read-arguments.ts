import type * as z from 'zod';
import { InputError } from '../errors.ts';
import { quote } from '../text/quote.ts';
import type { Given, Prompt } from './define-prompt.ts';

/**
 * Reads the arguments that a host sent. A blank text counts as missing: hosts send one for a field left empty.
 * Throws InputError for an unknown name and for a text that cannot be read.
 */
export function readArguments(
  { name: prompt, arguments: table }: Prompt,
  sent: Readonly<Record<string, unknown>>,
): Given<Prompt['arguments']> {
  const entries = Object.entries(sent).flatMap(([name, raw]) => {
    const argument = table[name];
    if (argument === undefined) {
      throw new InputError(`${prompt} has no argument ${quote(name)}`, {
        hint: `It takes ${Object.keys(table).join(', ')}.`,
      });
    }
    const text = typeof raw === 'string' ? raw.trim() : '';
    if (text === '') return [];
    const read = argument.schema.safeParse(text);
    if (read.success) return [[name, read.data] as const];
    const right = [...new Set(read.error.issues.map(whatIsRight))].join('; ');
    throw new InputError(`${prompt}: ${name} cannot be ${quote(text)}: ${right}`, {
      hint: argument.description,
    });
  });
  return Object.fromEntries(entries);
}

/** Message without the index in a list, which counts from 0; the text shows the item instead. */
function whatIsRight(issue: z.core.$ZodIssue): string {
  return issue.code === 'too_big' && issue.origin === 'string'
    ? `text of at most ${issue.maximum} characters`
    : issue.message;
}
