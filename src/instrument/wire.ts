import type { Command, Kind } from './command.ts';
import type { WrittenCommand } from './command-observer.ts';
import type { Effect, Observation } from './effects.ts';

/** Parts of a command's definition with which its effects and its reply are read. */
export type Definition = Pick<Command, 'effects' | 'shows' | 'result'>;

/** One request on the wire: target, command and parameter under the names that are written. */
export interface Wire {
  target: string;
  name: string;
  parameter: Record<string, unknown>;
  kind: Kind;
  timeoutMs: number | undefined;
  /** Undefined for a command that nothing is known of. */
  definition: Definition | undefined;
  /** It is for the temperature controller that its caller means. */
  actsOnSelected?: boolean | undefined;
}

/** The command as gate and observers are told of it. */
export function written({ target, name, parameter, kind, definition }: Wire): WrittenCommand {
  const effects: readonly Effect[] =
    definition === undefined ? [{ type: 'not_documented' }] : (definition.effects?.(parameter) ?? []);
  return { target, command: name, parameter, kind, effects };
}

/** Nothing, where the data does not have the documented form. */
export function shownBy(definition: Definition | undefined, data: unknown): readonly Observation[] {
  if (definition?.shows === undefined) return [];
  const parsed = definition.result.safeParse(data);
  return parsed.success ? definition.shows(parsed.data, data) : [];
}
