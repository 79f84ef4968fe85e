import type { AppliedValue, ValueSource } from '../../archive/applied.ts';
import { differences } from '../../text/differences.ts';
import { isRecord } from '../../text/is-record.ts';
import { readArgument } from './apply-arguments.ts';
import type { Argument, ArgumentTable } from './argument.ts';
import { readPath, type Settings } from '../../instrument/settings.ts';

/** A value that something else than the arguments and the settings told: what it changes of the applied one. */
export interface ValueNote {
  value?: AppliedValue['value'];
  source?: ValueSource;
  note?: string | undefined;
}

export interface AppliedTo {
  table: ArgumentTable;
  /** The arguments as asked, `settings` among them. */
  asked: Readonly<Record<string, unknown>>;
  /** Settings in force. */
  settings: Settings;
}

/** Every argument of a table with its effective value, its unit, and what it rests on. */
export function appliedValues({ table, asked, settings }: AppliedTo): Record<string, AppliedValue> {
  const patch = asked['settings'];
  return Object.fromEntries(
    Object.entries(table).map(([name, argument]) => [
      name,
      {
        unit: argument.unit,
        ...(argument.places.length === 0
          ? ofProcedure(argument, asked[name])
          : ofSettings(argument, asked[name], isRecord(patch) ? patch : {}, settings)),
      },
    ]),
  );
}

interface Effective {
  value: AppliedValue['value'];
  source: ValueSource;
  note?: string;
}

function ofProcedure({ usual, without }: Argument, asked: unknown): Effective {
  if (asked !== undefined) return { value: plain(asked), source: 'asked' };
  return {
    value: usual === undefined ? null : plain(usual),
    source: 'default',
    ...(without === undefined ? {} : { note: without }),
  };
}

function ofSettings(argument: Argument, asked: unknown, patch: Settings, settings: Settings): Effective {
  const held = readArgument(settings, argument);
  if (held === undefined)
    return asked === undefined
      ? { value: null, source: 'instrument', note: 'not among the settings of this instrument' }
      : { value: plain(asked), source: 'asked', note: 'set by a command, not by the settings' };
  const value = plain(held.value);
  if (asked !== undefined && differences(asked, held.value).length > 0)
    return { value, source: 'instrument', note: `${JSON.stringify(asked)} was asked: somebody changed it` };
  const patched = readPath(patch, held.path);
  const isPatched = patched !== undefined && differences(patched, readPath(settings, held.path)).length === 0;
  return { value, source: asked !== undefined || isPatched ? 'asked' : 'instrument' };
}

function plain(value: unknown): AppliedValue['value'] {
  if (Array.isArray(value)) return value.map((item: unknown) => item);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value ?? null);
}
