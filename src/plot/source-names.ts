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

/** Names each source by the first property that distinguishes it: device, else time, else id. */
export function namedParts(sources: readonly PlotSource[]): Part[] {
  if (sources.length < 2) return sources.map((source) => ({ source, name: '' }));
  const device = ({ deviceName }: PlotSource): string =>
    deviceName === null ? 'no name' : shownName(deviceName);
  const time = ({ startedAt }: PlotSource): string => shownTime(startedAt);
  const devices = new Set(sources.map(device)).size;
  const ways = [
    ...(devices > 1 ? [device, (source: PlotSource) => `${device(source)}, ${time(source)}`] : [time]),
    ({ id }: PlotSource) => shownName(id).slice(1, -1),
  ];
  const tells = ways.find((way) => new Set(sources.map(way)).size === sources.length);
  const mixed = new Set(sources.map(({ simulated }) => simulated)).size > 1;
  return sources.map((source, i) => {
    const name = tells?.(source) ?? `${device(source)} #${i + 1}`;
    return { source, name: mixed && source.simulated ? `${name} (simulated)` : name };
  });
}
