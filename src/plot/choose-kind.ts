import { InputError } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { type PlotKind, plotKindsOf } from './plot-kinds.ts';
import type { PlotSource } from './plot-source.ts';

const MOST_SOURCES = 12;

/** Chooses the kind of picture for the sources. Throws InputError if there is none. */
export function chooseKind(sources: readonly PlotSource[], wanted: PlotKind | undefined): PlotKind {
  const [first] = sources;
  if (first === undefined)
    throw new InputError('there is no measurement to plot', {
      hint: 'Name one: list_measurements has their ids.',
    });
  if (sources.length > MOST_SOURCES)
    throw new InputError(
      `${sources.length} measurements are too many for one picture: ${MOST_SOURCES} at most`,
      {
        hint: 'Plot them in several pictures.',
      },
    );
  const routines = [...new Set(sources.map(({ routine }) => routine))];
  const suiting = plotKindsOf(first.routine).filter((kind) =>
    routines.every((routine) => plotKindsOf(routine).includes(kind)),
  );
  if (wanted !== undefined && !suiting.includes(wanted)) {
    const of = routines.map((routine) => quote(routine)).join(' and ');
    throw new InputError(
      `a picture of kind ${quote(wanted)} does not suit ${of}: ${suiting.join(', ')} would`,
      {
        hint: `Ask for one of ${suiting.join(', ')}, or for none to get the usual one.`,
      },
    );
  }
  const kind = wanted ?? suiting[0] ?? 'generic';
  // If routines have only their first columns in common, a picture is no comparison, unless it was requested.
  if (wanted === undefined && routines.length > 1 && kind === 'generic')
    throw new InputError(
      `measurements of ${routines.map((routine) => quote(routine)).join(' and ')} cannot share axes`,
      { hint: 'Plot each routine in a picture of its own.' },
    );
  return kind;
}
