/** A call that a prompt tells the model to make. */
export interface Call {
  tool: string;
  /** What the prompt says; what the model has to fill in (`<…>`) is undefined. */
  args: Record<string, unknown>;
}

const ARGUMENT = String.raw`\w+=(?:"[^"]*"|<[^>]*>|\[[^\]]*\]|[-\w.]*\w)`;
const DEFINITION = new RegExp(String.raw`\b([A-Z]+) is (${ARGUMENT}(?:, ${ARGUMENT})*)`, 'g');
/** Tools have an underscore in their name, functions of mathematics have none. */
const CALL = /\b([a-z]+(?:_[a-z]+)+)\(((?:[^()"<[]|"[^"]*"|<[^>]*>|\[[^\]]*\])*)\)/g;

/** The calls in a prompt, in its order. Throws where something in the brackets is no argument. */
export function callsIn(text: string): Call[] {
  const meant = new Map(
    [...text.matchAll(DEFINITION)].map(([, word = '', list = '']) => [word, list] as const),
  );
  return [...text.matchAll(CALL)].map(([whole, tool = '', inside = '']) => {
    const list = inside.replaceAll(/\b[A-Z]{4,}\b/g, (word) => meant.get(word) ?? word);
    const found = [...list.matchAll(new RegExp(ARGUMENT, 'g'))].map(([one]) => one);
    if (found.join(', ') !== list) throw new Error(`${whole} is not a call: ${list}`);
    return { tool, args: Object.fromEntries(found.map(read)) };
  });
}

/** What is left of a prompt without its calls and definitions. */
export function proseOf(text: string): string {
  return text.replaceAll(CALL, '').replaceAll(DEFINITION, '');
}

function read(argument: string): [name: string, value: unknown] {
  const at = argument.indexOf('=');
  const [name, value] = [argument.slice(0, at), argument.slice(at + 1)];
  if (/^[<[]|<[a-z ]+>/.test(value)) return [name, undefined];
  if (value.startsWith('"')) return [name, value.slice(1, -1)];
  return [name, value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value];
}
