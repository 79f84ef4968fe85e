/** A place in a text, as offsets; `end` is behind it. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export interface JsonMember {
  readonly name: string;
  /** Span of the name, with its quotes. */
  readonly key: Span;
  readonly value: JsonValue;
}

/** Span of a value. Members of objects only: nothing else is ever edited. */
export interface JsonValue extends Span {
  readonly members: readonly JsonMember[] | undefined;
}

/** The text is not JSON; the message says what is wrong at which line and column. */
export class JsonTextError extends Error {}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"[^"\\\u0000-\u001F]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001F]*)*"/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const DEEPEST = 500;
export const BYTE_ORDER_MARK = '\uFEFF';

/** Finds the values of a JSON text, so that one can be changed and all others stay as they are written. */
export function locateJson(text: string): JsonValue {
  const scanner = new Scanner(text, text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0);
  const root = scanner.value(0);
  scanner.end();
  return root;
}

class Scanner {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  value(depth: number): JsonValue {
    if (depth > DEEPEST) throw this.#error('is nested too deeply');
    this.#skip();
    const start = this.#at;
    if (this.#take('{')) return { start, members: this.#members(depth), end: this.#at };
    if (this.#take('[')) this.#elements(depth);
    else if (this.#match(STRING) === undefined && this.#match(SCALAR) === undefined)
      throw this.#error('a value is expected');
    return { start, members: undefined, end: this.#at };
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw this.#error('nothing more is expected');
  }

  #members(depth: number): JsonMember[] {
    const members: JsonMember[] = [];
    this.#skip();
    if (this.#take('}')) return members;
    do {
      this.#skip();
      const start = this.#at;
      const name = this.#match(STRING);
      if (name === undefined) throw this.#error('a name in double quotes is expected');
      const key = { start, end: this.#at };
      this.#skip();
      if (!this.#take(':')) throw this.#error('":" is expected');
      members.push({ name: String(JSON.parse(name)), key, value: this.value(depth + 1) });
      this.#skip();
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#error('"," or "}" is expected');
    return members;
  }

  #elements(depth: number): void {
    this.#skip();
    if (this.#take(']')) return;
    do {
      this.value(depth + 1);
      this.#skip();
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#error('"," or "]" is expected');
  }

  #take(character: string): boolean {
    const taken = this.#text[this.#at] === character;
    if (taken) this.#at += 1;
    return taken;
  }

  #skip(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #error(problem: string): JsonTextError {
    const before = this.#text.slice(0, this.#at).replace(BYTE_ORDER_MARK, '').split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    return new JsonTextError(
      `${place}: ${problem}${this.#at >= this.#text.length ? ', but the text ends' : ''}`,
    );
  }
}
