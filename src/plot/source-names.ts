import { quote } from '../text/quote.ts';
import type { Part } from './chart.ts';
import type { PlotSource } from './plot-source.ts';

const LONGEST = 40;

/** Quotes a name that people typed, cut to the space of a picture. */
export function shownName(name: string): string {
  const characters = Array.from(quote(name).slice(1, -1));
  return `"${characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : characters.join('')}"`;
}

/** UTC, to the second: `2026-03-01 10:00:05`. */
export function shownTime(iso: string): string {
  return iso.replace('T', ' ').replace(/(?:\.\d+)?(?:Z|\+00:00)$/, '');
}

/** Names each source by the first property that distinguishes it: device, else what was applied, else time, else id. */
export function namedParts(sources: readonly PlotSource[]): Part[] {
  if (sources.length < 2) return sources.map((source) => ({ source, name: '' }));
  const device = ({ deviceName }: PlotSource): string =>
    deviceName === null ? 'no name' : shownName(deviceName);
  const time = ({ startedAt }: PlotSource): string => shownTime(startedAt);
  const devices = new Set(sources.map(device)).size;
  const applied = appliedDifference(sources);
  const ways = [
    ...(devices > 1 ? [device, (source: PlotSource) => `${device(source)}, ${time(source)}`] : []),
    ...(devices === 1 && applied !== undefined ? [applied] : []),
    time,
    ({ id }: PlotSource) => shownName(id).slice(1, -1),
  ];
  const tells = ways.find((way) => new Set(sources.map(way)).size === sources.length);
  const mixed = new Set(sources.map(({ simulated }) => simulated)).size > 1;
  return sources.map((source, i) => {
    const name = tells?.(source) ?? `${device(source)} #${i + 1}`;
    return { source, name: mixed && source.simulated ? `${name} (simulated)` : name };
  });
}

/** Maximum number of differing values in a name. */
const MOST_DIFFERENCES = 2;

/** Names a source by the asked values that differ: `laser_percent 10`. Undefined where there are none, or too many. */
function appliedDifference(sources: readonly PlotSource[]): ((source: PlotSource) => string) | undefined {
  const valueOf = ({ applied }: PlotSource, name: string): string => {
    const value = applied?.values[name]?.value ?? null;
    return value === null ? 'unknown' : typeof value === 'string' ? value : JSON.stringify(value);
  };
  const asked = new Set(
    sources.flatMap(({ applied }) =>
      Object.entries(applied?.values ?? {}).flatMap(([name, { source }]) =>
        source === 'asked' ? [name] : [],
      ),
    ),
  );
  const names = [...asked].filter((name) => new Set(sources.map((source) => valueOf(source, name))).size > 1);
  if (names.length === 0 || names.length > MOST_DIFFERENCES) return undefined;
  return (source) =>
    names.map((name) => `${name} ${shownName(valueOf(source, name)).slice(1, -1)}`).join(', ');
}
