import * as z from 'zod';
import type { Quantity } from '../../science/dataset.ts';
import { normaliseUnit, splitHeading } from '../../science/units.ts';
import { folded } from '../../text/closest.ts';
import { lenientNumber } from '../../text/lenient-number.ts';

const quantity = z.looseObject({ value: lenientNumber, unit: z.string().default('') });
const parameterSchema = z.array(z.looseObject({ name: z.string(), unit: z.string().default('') }));

/**
 * The instrument's own results, as `{name: {value, unit}}` or, in older software, an array beside a
 * `parameter_schema`. Names are matched without regard to case, spaces and underscores against `aliases`
 * (ours → theirs); what is not among them keeps its name.
 */
export function readParameters(
  parameters: unknown,
  schema: unknown,
  aliases: Readonly<Record<string, readonly string[]>>,
): Record<string, Quantity> {
  const found: Record<string, Quantity> = {};
  const put = (name: string, value: number | undefined, unit: string): void => {
    found[canonical(name, aliases)] = { value: value ?? null, unit: normaliseUnit(unit) };
  };
  if (Array.isArray(parameters)) {
    const values = z.array(lenientNumber).parse(parameters);
    const names = parameterSchema.safeParse(schema).data ?? [];
    for (const [i, { name, unit }] of names.entries()) put(name, values[i], unit);
    return found;
  }
  const entries = z.record(z.string(), z.unknown()).safeParse(parameters).data ?? {};
  for (const [name, raw] of Object.entries(entries)) {
    const parsed = quantity.safeParse(raw);
    const bare = lenientNumber.parse(raw);
    if (parsed.success) put(name, parsed.data.value, parsed.data.unit);
    else if (bare !== undefined) put(splitHeading(name).name, bare, splitHeading(name).unit);
  }
  return found;
}

function canonical(name: string, aliases: Readonly<Record<string, readonly string[]>>): string {
  const ours = Object.entries(aliases).find(([key, theirs]) =>
    [key, ...theirs].some((alias) => folded(alias) === folded(name)),
  );
  return ours?.[0] ?? name;
}
