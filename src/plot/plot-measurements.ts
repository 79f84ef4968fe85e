import { InputError } from '../errors.ts';
import type { Chart, Part } from './chart.ts';
import { layOut } from './chart-option.ts';
import { charts } from './charts.ts';
import { chooseKind } from './choose-kind.ts';
import { drawable } from './drawable.ts';
import { headingOf } from './heading.ts';
import { type PlotKind, plotKindsOf } from './plot-kinds.ts';
import type { PlotSource } from './plot-source.ts';
import { withReadableUnits } from './readable-units.ts';
import { namedParts } from './source-names.ts';

export { PLOT_KINDS, type PlotKind, plotKindsOf } from './plot-kinds.ts';

export interface Picture {
  /** Picture as SVG, 900 px wide. */
  svg: string;
  /** The same picture as PNG, at 1.5 times the size. */
  png: Uint8Array;
  kind: PlotKind;
  /** Parts of the data that are not in the picture, one sentence each. */
  notes: string[];
}

/**
 * Draws measurements in one picture, in the field's usual form; the kind is the usual one of their routine,
 * unless another is requested. The drawing libraries are loaded by the first picture.
 * Throws InputError for none or more than twelve measurements, for kinds that do not suit, for measurements
 * that cannot share axes, and if there is nothing to draw.
 */
export async function plotMeasurements(
  sources: readonly PlotSource[],
  options: { kind?: PlotKind } = {},
): Promise<Picture> {
  const kind = chooseKind(sources, options.kind);
  const parts = namedParts(sources);
  const chart = drawable(charts[kind](parts));
  const notes = [...chart.notes, ...missing(chart, parts, kind)];
  const laidOut = layOut(withReadableUnits(chart), headingOf(sources, kind));
  const [{ drawSvg }, { drawPng }] = await Promise.all([import('./draw-svg.ts'), import('./draw-png.ts')]);
  const svg = drawSvg(laidOut);
  return { svg, png: await drawPng(svg), kind, notes };
}

/** Names the measurements that have nothing to draw. Throws InputError if none has anything. */
function missing(chart: Chart, parts: readonly Part[], kind: PlotKind): string[] {
  const drawn = new Set(chart.entries.map(({ part }) => part));
  const empty = parts.filter((_, i) => !drawn.has(i)).map(({ source }) => source);
  if (empty.length === parts.length) {
    const what = parts.length === 1 ? `measurement ${empty[0]?.id ?? ''} has` : 'the measurements have';
    throw new InputError(`${what} no data for a picture of kind ${kind}`, {
      hint: `Kinds for this routine: ${plotKindsOf(empty[0]?.routine ?? '').join(', ')}. Ask for another, or measure again.`,
    });
  }
  return empty.map(({ id }) => `measurement ${id} has no data for this kind of picture and is not in it`);
}
