import { folded } from '../text/closest.ts';
import { isRecord, ownValue } from '../text/is-record.ts';

/** A routine's settings, as the instrument returned them. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * The path as the settings spell it: names are compared without case and spaces, since they drift between
 * versions. A first name `*` stands for any depth, for settings whose structure is not documented. Undefined where there is none.
 */
export function findPath(settings: unknown, path: readonly string[]): readonly string[] | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  if (!isRecord(settings)) return undefined;
  if (first === '*') return findAnywhere(settings, rest);
  const key = Object.keys(settings).find((candidate) => folded(candidate) === folded(first));
  if (key === undefined) return undefined;
  const below = findPath(settings[key], rest);
  return below === undefined ? undefined : [key, ...below];
}

function findAnywhere(settings: Settings, path: readonly string[]): readonly string[] | undefined {
  const here = findPath(settings, path);
  if (here !== undefined) return here;
  for (const [key, inner] of Object.entries(settings)) {
    const below = isRecord(inner) ? findAnywhere(inner, path) : undefined;
    if (below !== undefined) return [key, ...below];
  }
  return undefined;
}

export function readPath(settings: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isRecord(node) ? ownValue(node, key) : undefined), settings);
}

/** A copy with the value at a path whose every name exists. */
export function writePath(settings: Settings, path: readonly string[], value: unknown): Settings {
  const [first, ...rest] = path;
  if (first === undefined) return settings;
  const inner = settings[first];
  return {
    ...settings,
    [first]: rest.length === 0 || !isRecord(inner) ? value : writePath(inner, rest, value),
  };
}

/** Settings with those of `part` in place of what it names, object by object. */
export function overlaySettings(whole: Settings, part: Settings): Settings {
  return Object.fromEntries(
    [...new Set([...Object.keys(whole), ...Object.keys(part)])].map((key) => {
      const old = ownValue(whole, key);
      if (!Object.hasOwn(part, key)) return [key, old];
      const fresh = part[key];
      return [key, isRecord(old) && isRecord(fresh) ? overlaySettings(old, fresh) : fresh];
    }),
  );
}
