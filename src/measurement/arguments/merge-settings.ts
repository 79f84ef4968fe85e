import { InputError } from '../../errors.ts';
import { closest } from '../../text/closest.ts';
import { isRecord } from '../../text/is-record.ts';
import type { Settings } from '../../instrument/settings.ts';

/**
 * The settings with `patch` merged in, objects member by member and everything else as a whole. A member that the
 * instrument's settings do not have is refused by name, unless what holds it is empty there or `documented` says
 * that some software has it. Throws InputError.
 */
export function mergeSettings(
  current: Settings,
  patch: Settings,
  documented: (path: readonly string[]) => boolean,
  path: readonly string[] = [],
): Settings {
  const open = Object.keys(current).length === 0;
  const merged: Record<string, unknown> = { ...current };
  for (const [key, value] of Object.entries(patch)) {
    const here = [...path, key];
    if (!Object.hasOwn(current, key) && !open && !documented(here))
      throw unknownSetting(here, Object.keys(current));
    const before = Object.hasOwn(current, key) ? current[key] : undefined;
    merged[key] =
      isRecord(value) && isRecord(before) ? mergeSettings(before, value, documented, here) : value;
  }
  return merged;
}

function unknownSetting(path: readonly string[], known: readonly string[]): InputError {
  const name = path.at(-1) ?? '';
  const near = closest(name, known);
  return new InputError(
    `settings: ${path.join(' › ')} is not among the settings of this instrument; there ${known.length === 0 ? 'is nothing' : `is ${known.join(', ')}`}`,
    {
      hint: `${near === undefined ? '' : `Is ${JSON.stringify(near)} meant? `}Give names exactly as routine_get_settings shows them, nested in the same way.`,
    },
  );
}
