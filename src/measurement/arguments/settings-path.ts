import { folded } from '../../instrument/closest.ts';

/** A routine's settings, as the instrument returned them. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * The path as the settings spell it: names are compared without case and spaces, since they drift between
 * versions. A first name `*` stands for any depth, for settings whose structure is not documented. Undefined where there is none.
 */
export function findPath(settings: unknown, path: readonly string[]): readonly string[] | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  if (!isSettings(settings)) return undefined;
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
    const below = isSettings(inner) ? findAnywhere(inner, path) : undefined;
    if (below !== undefined) return [key, ...below];
  }
  return undefined;
}

export function readPath(settings: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isSettings(node) ? node[key] : undefined), settings);
}

/** A copy with the value at a path whose every name exists. */
export function writePath(settings: Settings, path: readonly string[], value: unknown): Settings {
  const [first, ...rest] = path;
  if (first === undefined) return settings;
  const inner = settings[first];
  return {
    ...settings,
    [first]: rest.length === 0 || !isSettings(inner) ? value : writePath(inner, rest, value),
  };
}

export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
