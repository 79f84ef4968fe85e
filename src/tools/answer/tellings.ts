import { plain, quote } from '../../text/quote.ts';
import { compactJson } from '../present-data.ts';
import { factsOf, type Form, linesOf, structuredOf, type Telling } from './fact.ts';

/** Characters of a value that is a word; the instrument may have any text there. */
const LONGEST_WORD = 300;

interface Words {
  /** In front of the value: the name of the member unless given, nothing where empty. */
  label?: string;
  /** For null. */
  none?: string;
}

/** A word or a number as it is: `state stable`. */
export function word({ label, none }: Words = {}): Telling<string | number | boolean> {
  return { none, tell: (name, value) => ({ value, phrase: labelled(label ?? nameOf(name), String(value)) }) };
}

/** Text that people or the instrument typed, in quotation marks. */
export function quoted({ label, none }: Words = {}): Telling<string> {
  return { none, tell: (name, value) => ({ value, phrase: labelled(label ?? nameOf(name), quote(value)) }) };
}

/** A sentence of ours as it is. */
export function sentence({ none }: Pick<Words, 'none'> = {}): Telling<string> {
  return { none, tell: (_, value) => ({ value, phrase: value }) };
}

/** A number with its unit, to so many decimals: `stage 24.98 °C`. */
export function quantity(unit: string, decimals: number, { label, none }: Words = {}): Telling<number> {
  return {
    none,
    tell: (name, value) => ({
      value: Number(value.toFixed(decimals)),
      phrase: labelled(label ?? nameOf(name), `${value.toFixed(decimals)} ${unit}`.trim()),
    }),
  };
}

/** Words for yes, and for no unless that goes without saying. */
export function flag(yes: string, no?: string): Telling<boolean> {
  return { tell: (_, value) => ({ value, phrase: value ? yes : no }) };
}

/** Several words or numbers: `closed 1, 3`. */
export function several({ label, none }: Words = {}): Telling<readonly (string | number)[]> {
  return {
    tell: (name, value) => ({
      value,
      phrase: value.length === 0 ? none : labelled(label ?? nameOf(name), value.join(', ')),
    }),
  };
}

/** Sentences, each on a line of its own behind the label: `Warning: …`. */
export function sentences(label: string): Telling<readonly string[]> {
  return { tell: (_, value) => ({ value, lines: value.map((line) => labelled(`${label}:`, line)) }) };
}

/** Lines as they are: of text that is whole in itself. */
export function paragraph(): Telling<string> {
  return { tell: (_, value) => ({ value, lines: value.split('\n') }) };
}

/** A list on one line, its items apart by semicolons: `Not available: …; …`. */
export function enumeration(label: string): Telling<readonly string[]> {
  return {
    tell: (_, value) => ({ value, lines: value.length === 0 ? [] : [`${label}: ${value.join('; ')}`] }),
  };
}

/** Values by name on one line: `As found: start_v -0.2, end_v 1.2`. */
export function entries(label: string): Telling<Readonly<Record<string, unknown>>> {
  return {
    tell: (_, value) => {
      const told = Object.entries(value).map(([name, inner]) => `${name} ${plainly(inner)}`);
      return { value, lines: told.length === 0 ? [] : [`${label}: ${told.join(', ')}`] };
    },
  };
}

/** Members of a member, on one line. */
export function members<T extends object>(form: Form<NoInfer<T>>, label = ''): Telling<T> {
  return {
    tell: (_, value) => {
      const facts = factsOf<T>(form, value);
      const [first, ...more] = linesOf(facts);
      const lines = first === undefined ? [] : [labelled(label === '' ? '' : `${label}:`, first), ...more];
      return { value: structuredOf(facts), lines };
    },
  };
}

/** Members of each item, a line for each. */
export function each<T extends object>(
  form: Form<NoInfer<T>>,
  { label = '', none }: Words = {},
): Telling<readonly T[]> {
  return {
    tell: (name, value) => {
      const told = value.map((item) => members<T>(form, label).tell(name, item));
      const lines = told.flatMap(({ lines: own = [] }) => own);
      return {
        value: told.map((one) => one.value),
        lines: lines.length === 0 && none !== undefined ? [none] : lines,
      };
    },
  };
}

/** Data as JSON on one line; nothing where there is none. */
export function json(label: string): Telling<unknown> {
  return {
    tell: (_, value) => ({
      value,
      lines: isEmpty(value) ? [] : [`${label}: ${compactJson(value, Number.POSITIVE_INFINITY)}`],
    }),
  };
}

/** The same telling at the beginning of a line. */
export function onNewLine<V>(telling: Telling<V>): Telling<V> {
  return { ...telling, tell: (name, value) => ({ ...telling.tell(name, value), begins: true }) };
}

function labelled(label: string, text: string): string {
  return label === '' ? text : `${label} ${text}`;
}

function nameOf(name: string): string {
  return name.replaceAll('_', ' ');
}

function plainly(value: unknown): string {
  return typeof value === 'string' ? plain(value, LONGEST_WORD) : (JSON.stringify(value) ?? 'nothing');
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}
