/**
 * One thing that an answer says. The text and the structured form are both written from facts, so that a model knows the
 * same whichever of the two its host shows.
 */
export interface Fact {
  /** The member of the structured form. */
  readonly name: string;
  /** Value in the structured form; numbers are rounded to the digits of the text. */
  readonly value: unknown;
  /** Words in the text, within a line; undefined where the fact has lines of its own, or goes without saying. */
  readonly phrase?: string | undefined;
  /** Lines of its own in the text. */
  readonly lines?: readonly string[] | undefined;
  /** The phrase begins a line. */
  readonly begins?: boolean | undefined;
  /** Stands in front of the whole text. */
  readonly mark?: string | undefined;
}

/** How a member of an answer is told. */
export interface Telling<V> {
  tell(name: string, value: V): Omit<Fact, 'name'>;
  /** The phrase for null; without it null goes without saying. */
  readonly none?: string | undefined;
}

/** How an answer is told: every member, in the order of the text. */
export type Form<T> = { readonly [K in keyof T]-?: Telling<NonNullable<T[K]>> };

/** Lists the facts of an answer, in the order of its form. An undefined member is not said at all. */
export function factsOf<T extends object>(form: Form<T>, data: T): Fact[] {
  const facts: Fact[] = [];
  for (const name in form) {
    const telling = form[name];
    const value = data[name];
    if (value === undefined) continue;
    facts.push(
      value === null ? { name, value: null, phrase: telling.none } : { name, ...telling.tell(name, value) },
    );
  }
  return facts;
}

/** The structured form. */
export function structuredOf(facts: readonly Fact[]): Record<string, unknown> {
  return Object.fromEntries(facts.map(({ name, value }) => [name, value]));
}

/** The lines of the text: phrases share a line until one begins another. */
export function linesOf(facts: readonly Fact[]): string[] {
  const lines: string[] = [];
  let phrases: string[] = [];
  const flush = (): void => {
    if (phrases.length > 0) lines.push(phrases.join(', '));
    phrases = [];
  };
  for (const { phrase, lines: own = [], begins } of facts) {
    if (begins === true || own.length > 0) flush();
    if (phrase !== undefined) phrases.push(phrase);
    lines.push(...own);
  }
  flush();
  return lines;
}

/** The text. */
export function textOf(facts: readonly Fact[]): string {
  const marks = facts.flatMap(({ mark }) => (mark === undefined ? [] : [mark]));
  return [...marks, linesOf(facts).join('\n')].join(' ');
}
