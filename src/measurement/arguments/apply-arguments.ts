import { InputError } from '../../errors.ts';
import { differences } from '../../text/differences.ts';
import type { Argument, ArgumentTable, Place } from './argument.ts';
import { findPath, readPath, type Settings, writePath } from '../../instrument/settings.ts';

const HINT =
  'routine_get_settings shows what this instrument has while the routine is open; give what has another name under settings.';

/**
 * The instrument's own settings with the arguments written at their places. Throws InputError for an argument
 * that has no place in them, since nothing is made up, and for one that contradicts `given`.
 * @param given settings that were asked by their own names, and are in `current` already
 */
export function applyArguments(
  current: Settings,
  table: ArgumentTable,
  args: Readonly<Record<string, unknown>>,
  routine: string,
  given: Settings = {},
): Settings {
  let settings = current;
  for (const [name, { places }] of Object.entries(table)) {
    const value = args[name];
    if (value === undefined || places.length === 0) continue;
    const found = locate(settings, places);
    if (found === undefined) {
      throw new InputError(
        `${name} has no place in the settings that this instrument has for ${routine}: there is no ${places.map(({ path }) => path.join(' › ')).join(' or ')}`,
        { hint: `Leave ${name} out. ${HINT}` },
      );
    }
    const { place, path } = found;
    const written = place.write(value, readPath(settings, path));
    const also = readPath(given, path);
    if (also !== undefined && differences(also, written).length > 0) {
      throw new InputError(
        `${name} ${JSON.stringify(value)} contradicts settings: ${path.join(' › ')} is ${JSON.stringify(also)} there`,
        { hint: `Give one of the two: ${name}, or the value under settings.` },
      );
    }
    settings = writePath(settings, path, written);
  }
  return settings;
}

/**
 * Reads an argument back from the settings. Undefined if the settings have no place for it, or do not tell its value.
 */
export function readArgument(
  settings: Settings,
  { places }: Pick<Argument, 'places'>,
): { value: unknown; path: readonly string[] } | undefined {
  const found = locate(settings, places);
  const value = found && found.place.read(readPath(settings, found.path));
  return found === undefined || value === undefined ? undefined : { value, path: found.path };
}

function locate(
  settings: Settings,
  places: readonly Place[],
): { place: Place; path: readonly string[] } | undefined {
  for (const place of places) {
    const path = findPath(settings, place.path);
    if (path !== undefined) return { place, path };
  }
  return undefined;
}
