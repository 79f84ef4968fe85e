import { invalidParameters } from './instrument-error.ts';

/** The required form of a JSON value. The instrument refuses unknown names, wrong types and missing values. */
export interface Shape<T> {
  /** Describes the error of the value at `path`; undefined if the value fits. */
  problem(value: unknown, path: string): string | undefined;
  is(value: unknown): value is T;
}

/** A shape with the initial value in a newly opened routine. */
export interface Setting<T> extends Shape<T> {
  readonly initial: T;
}

type ValueOf<S> = S extends Shape<infer T> ? T : never;
export type ObjectOf<F> = { readonly [K in keyof F]: ValueOf<F[K]> };

interface Range {
  min?: number;
  max?: number;
  /** The value must be greater than this. */
  above?: number;
  integer?: boolean;
}

export function number(range: Range = {}): Shape<number> {
  const { min = -Infinity, max = Infinity, above = -Infinity, integer = false } = range;
  return shape((value, path) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return `${path} must be a number`;
    if (integer && !Number.isInteger(value)) return `${path} must be a whole number`;
    if (value <= above) return `${path} must be greater than ${above}`;
    return value < min || value > max ? `${path} must be between ${min} and ${max}` : undefined;
  });
}

export function boolean(): Shape<boolean> {
  return shape((value, path) => (typeof value === 'boolean' ? undefined : `${path} must be true or false`));
}

export function text(): Shape<string> {
  return shape((value, path) => (typeof value === 'string' ? undefined : `${path} must be a string`));
}

export function oneOf<const T extends readonly string[]>(values: T): Shape<T[number]> {
  return shape((value, path) =>
    values.some((known) => known === value) ? undefined : `${path} must be one of ${values.join(', ')}`,
  );
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return shape((value, path) => {
    if (!Array.isArray(value)) return `${path} must be an array`;
    return firstProblem(value.map((element, i) => item.problem(element, `${path}[${i}]`)));
  });
}

/** Accepts everything: for settings whose schema is not published. */
export function anything(): Shape<unknown> {
  return shape(() => undefined);
}

export function optional<T>(inner: Shape<T>): Shape<T | undefined> {
  return shape((value, path) => (value === undefined ? undefined : inner.problem(value, path)));
}

export function object<F extends Readonly<Record<string, Shape<unknown>>>>(fields: F): Shape<ObjectOf<F>> {
  return shape((value, path) => objectProblem(fields, value, path));
}

/** A setting with a shape of its own, e.g. `setting(0.2, number({ above: 0 }))`. */
export function setting<T>(initial: T, of: Shape<T>): Setting<T> {
  return { ...of, initial };
}

/** A setting that may become any value of the same structure and types as `initial`. */
export function like<T>(initial: T): Setting<T> {
  return { ...shape<T>((value, path) => likeProblem(initial, value, path)), initial };
}

/** Named settings; their initial values are those of the members. */
export function group<F extends Readonly<Record<string, Setting<unknown>>>>(fields: F): Setting<ObjectOf<F>> {
  const of = object(fields);
  const initial: unknown = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.initial]),
  );
  if (!of.is(initial)) throw new TypeError(`initial settings: ${of.problem(initial, 'settings')}`);
  return setting<ObjectOf<F>>(initial, of);
}

/** Returns the value if it fits; otherwise throws InstrumentError 101. */
export function checked<T>(of: Shape<T>, value: unknown, path = ''): T {
  if (of.is(value)) return value;
  throw invalidParameters(of.problem(value, path) ?? 'not understood');
}

/** Returns `current` with the members that `patch` names replaced, level by level. */
export function merged(current: unknown, patch: unknown): unknown {
  if (!isRecord(current) || !isRecord(patch)) return patch;
  const changes = Object.entries(patch).map(([key, value]) => [
    key,
    merged(Object.hasOwn(current, key) ? current[key] : undefined, value),
  ]);
  return { ...current, ...Object.fromEntries(changes) };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shape<T>(problem: Shape<T>['problem']): Shape<T> {
  return { problem, is: (value): value is T => problem(value, '') === undefined };
}

type Member = Pick<Shape<unknown>, 'problem'>;

function objectProblem(
  fields: Readonly<Record<string, Member>>,
  value: unknown,
  path: string,
): string | undefined {
  const place = path === '' ? 'the parameter' : path;
  if (!isRecord(value)) return `${place} must be an object`;
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
  if (unknown !== undefined) {
    const known = Object.keys(fields).join(', ') || 'none';
    return `${place} has no ${JSON.stringify(unknown)} (known: ${known})`;
  }
  return firstProblem(
    Object.entries(fields).map(([key, field]) => {
      const memberPath = path === '' ? key : `${path}.${key}`;
      const problem = field.problem(value[key], memberPath);
      return problem !== undefined && value[key] === undefined ? `${memberPath} is missing` : problem;
    }),
  );
}

function likeProblem(initial: unknown, value: unknown, path: string): string | undefined {
  if (Array.isArray(initial)) return Array.isArray(value) ? undefined : `${path} must be an array`;
  if (isRecord(initial)) {
    const fields = Object.entries(initial).map(([key, member]): [string, Member] => [
      key,
      { problem: (inner, at) => likeProblem(member, inner, at) },
    ]);
    return objectProblem(Object.fromEntries(fields), value, path);
  }
  if (typeof initial === 'number') return number().problem(value, path);
  if (typeof initial === 'boolean') return boolean().problem(value, path);
  return text().problem(value, path);
}

function firstProblem(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}
