import { quote } from '../text/quote.ts';
import type { PlotKind } from './plot-kinds.ts';
import type { PlotSource } from './plot-source.ts';
import { shownName, shownTime } from './source-names.ts';

export interface Heading {
  title: string;
  subtitle: string;
  simulated: boolean;
}

/** Addition to the routine's name, by kind. */
const SAYS: Partial<Record<PlotKind, string>> = {
  bode: 'Bode plot',
  nyquist: 'Nyquist plot',
  el_spectrum: 'electroluminescence',
  absorbance: 'absorbance',
  transmittance: 'transmittance',
  lifetime: 'lifetime',
};

/** Makes the heading: routine and device; date (UTC) and id. */
export function headingOf(sources: readonly PlotSource[], kind: PlotKind): Heading {
  const routines = [...new Set(sources.map(({ routine }) => routine))].join(' and ');
  const devices = new Set(sources.map(({ deviceName }) => deviceName));
  const [first] = sources;
  const device =
    devices.size === 1 && typeof first?.deviceName === 'string' ? ` of ${shownName(first.deviceName)}` : '';
  const count = sources.length > 1 ? `, ${sources.length} measurements` : '';
  const times = sources.map(({ startedAt }) => startedAt).toSorted();
  const [begin = '', end = ''] = [times[0], times.at(-1)].map((time) => shownTime(time ?? ''));
  const says = SAYS[kind] === undefined ? '' : ` (${SAYS[kind]})`;
  return {
    title: `${routines}${device}${count}${says}`,
    subtitle:
      sources.length === 1
        ? [`${begin} UTC`, quote(first?.id ?? '').slice(1, -1), ...excitations(first)].join('  ·  ')
        : begin === end
          ? `${begin} UTC`
          : `${begin} to ${end} UTC`,
    simulated: sources.some(({ simulated }) => simulated),
  };
}

/** Lasers and outputs that were switched on: no axis shows them. */
function excitations(source: PlotSource | undefined): string[] {
  return (source?.applied?.switched_on ?? []).flatMap(({ what, detail }) =>
    what === 'laser' || what === 'output' ? [`${what} ${quote(detail).slice(1, -1)}`] : [],
  );
}
