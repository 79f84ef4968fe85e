import type { ArgumentTable, AskedOf, EffectiveOf } from './argument.ts';

/** The arguments as asked, with the defaults of ours for what no setting holds. */
export function effectiveArguments<T extends ArgumentTable>(table: T, asked: AskedOf<T>): EffectiveOf<T>;
export function effectiveArguments(
  table: ArgumentTable,
  asked: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(table).map(([name, { usual }]) => [name, asked[name] ?? usual]));
}
