import * as z from 'zod';
import { markdownTable } from '../src/text/markdown-table.ts';
import { allInOne } from '../src/instrument/all-in-one.ts';
import { settingRows } from '../src/instrument/routines/describe.ts';
import type { RoutineDefinition } from '../src/instrument/routines/routine.ts';
import type { ArgumentTable, Place } from '../src/measurement/arguments/argument.ts';
import { findPath, readPath, type Settings } from '../src/instrument/settings.ts';
import { kindsOf } from '../src/measurement/kinds/index.ts';
import type { MeasurementKind } from '../src/measurement/kinds/kind.ts';
import { holdingKind, trackingKind } from '../src/measurement/kinds/stabilised-power.ts';
import { constraint } from './describe-schema.ts';

/** A documented form of a routine's settings, as an instrument would return it. */
interface Form {
  name: string;
  settings: Settings;
}

/** Place of each argument in the settings, for each kind of measurement, as Markdown. */
export function describeArguments(): string {
  return kindsOf(allInOne)
    .flatMap((kind) => (kind === trackingKind ? [kind, holdingKind] : [kind]))
    .map(describeKind)
    .join('\n\n');
}

function describeKind({ tool, routine, arguments: table }: MeasurementKind): string {
  const forms = routine === undefined ? [] : formsOf(routine);
  const columns = settingColumns(table, forms);
  const rows = Object.entries(table).map(([name, { schema, places }], row) => {
    const { description = '', ...json } = z.toJSONSchema(schema, { io: 'input' });
    const values = [constraint(json), ...spelling(json.enum ?? [], places)].join('; ');
    return [`\`${name}\``, values, description, ...columns.map(({ cells }) => cells[row] ?? '')];
  });
  const heads = ['argument', 'values', 'meaning', ...columns.map(({ head }) => head)];
  return `### \`${tool}\`: ${routine?.name ?? 'any routine'}\n\n${markdownTable(heads, rows)}`;
}

interface Column {
  head: string;
  cells: string[];
}

/**
 * One column for each form of the settings, or one alone if they do not differ; none if no argument is a
 * setting.
 */
function settingColumns(table: ArgumentTable, forms: readonly Form[]): Column[] {
  const all = Object.values(table);
  if (all.every(({ places }) => places.length === 0)) return [];
  const columns = forms.map((form) => ({
    head: `setting (${form.name})`,
    cells: all.map(({ places }) => placeIn(form, places)),
  }));
  const [first] = columns;
  if (first === undefined)
    return [{ head: 'setting (not documented)', cells: all.map(({ places }) => described(places[0])) }];
  const alike = columns.every(({ cells }) => cells.join('|') === first.cells.join('|'));
  return alike ? [{ ...first, head: 'setting' }] : columns;
}

/** Path of the argument in a form; a dash if the form has no place for it. */
function placeIn({ settings }: Form, places: readonly Place[]): string {
  for (const place of places) {
    const path = findPath(settings, place.path) ?? insideOpen(settings, place.path);
    if (path !== undefined) return described(place, path);
  }
  return described(undefined);
}

/** The path, if the documentation leaves the members of the object above its end open. */
function insideOpen(settings: Settings, path: readonly string[]): readonly string[] | undefined {
  const holder = findPath(settings, path.slice(0, -1));
  return holder !== undefined && readPath(settings, holder) === null ? path : undefined;
}

function described(place: Place | undefined, path = place?.path ?? []): string {
  if (place === undefined) return '–';
  const where = path[0] === '*' ? `any \`${path.slice(1).join(' › ')}\`` : `\`${path.join(' › ')}\``;
  const factor = place.write(1, undefined);
  return typeof factor === 'number' && factor !== 1 ? `${where}, times ${factor}` : where;
}

/** The instrument's words, if they differ from ours. */
function spelling(words: readonly unknown[], [place]: readonly Place[]): string[] {
  const theirs = place === undefined ? [] : words.map((word) => place.write(word, undefined));
  if (theirs.every((word, i) => word === words[i])) return [];
  return [`there ${theirs.map((word) => `\`${String(word)}\``).join(', ')}`];
}

function formsOf(routine: RoutineDefinition): Form[] {
  return routine.settings.flatMap(({ name, schema }) => {
    const rows = settingRows(schema);
    return rows.length === 0 ? [] : [{ name, settings: nested(rows.map(({ path }) => path)) }];
  });
}

function nested(paths: readonly (readonly string[])[]): Settings {
  const keys = [...new Set(paths.flatMap(([key]) => (key === undefined ? [] : [key])))];
  return Object.fromEntries(
    keys.map((key) => {
      const below = paths.filter(([first, second]) => first === key && second !== undefined);
      return [key, below.length === 0 ? null : nested(below.map(([, ...rest]) => rest))];
    }),
  );
}
