import { expect } from 'vitest';
import { renderAnswer } from '../../src/tools/answer/answer-form.ts';
import type { Tool } from '../../src/tools/define-tool.ts';

/** Both forms of an answer, as a host gets them. */
export interface Forms {
  text: string;
  structured: Record<string, unknown> | undefined;
  isError: boolean;
  error: Record<string, unknown> | undefined;
}

/** Words of the text that stand for no fact of their own: labels, and units. A sentence of ours must not hide among them. */
const LABELS = new Set(
  `and are as at by for of on or the to with about after answered all area asked begun before call changed
  controller control end files found from here in is kept last left more no not nothing note alarm warning next
  numbers one only open or others ours over own part partial per records relays requested routine sent server
  servers switched temperature that they this under unknown way which words instrument data setting unlike failed
  default assumed measured led total newest first none scan bytes exported figure interrupted available
  v a s ms hz nm ev um mm c k w ma mw cm m f ns nc mv counts bin au µs ω off σ within was since known error
  simulated safe everything can be read yet command anything changes available gone job
  determined true false back readable were beyond null`
    .split(/\s+/)
    .map((word) => word.toLowerCase()),
);
const MOST_CHANGES = 60;

/**
 * Fails where a fact of one form is absent from the other: every text and number of the structured form stands in the
 * text, nothing else does but labels, and a structured form that said something else would have another text.
 */
export function expectWhole(tool: Tool, { text, structured, isError, error }: Forms): void {
  if (isError) {
    expect(structured, `${tool.name}: structured content of an error`).toBeUndefined();
    const { code, message, hint, outcome } = error ?? {};
    for (const part of [code, message, hint, outcome])
      expect(text, `${tool.name}: the first block of an error`).toContain(String(part));
    return;
  }
  if (tool.output === undefined) {
    expect(structured, `${tool.name} answers in prose`).toBeUndefined();
    return;
  }
  const form = tool.output;
  const facts = form.schema.parse(JSON.parse(JSON.stringify(structured))) as Said;
  expect(missingFromText(text, facts), `${tool.name}: not in the text:\n${text}`).toEqual([]);
  expect(missingFromFacts(text, facts), `${tool.name}: only in the text:\n${text}`).toEqual([]);
  expect(
    unheeded(facts, (said) => renderAnswer(form, said).text),
    `${tool.name}: does not show in\n${text}`,
  ).toEqual([]);
}

type Said = Record<string, unknown> & { simulated: boolean | null };

interface Leaf {
  path: (string | number)[];
  value: string | number | boolean;
}

function leavesOf(value: unknown, path: (string | number)[] = []): Leaf[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) =>
      leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    );
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [{ path, value }]
    : [];
}

function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(keysOf)];
}

/** Spaces, quotation marks and what cannot be shown are no difference. */
function plain(text: string): string {
  return text
    .replace(/\\n|\\t/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\\?["']/g, '"')
    .replace(/\\\|/g, '|')
    .replace(/\\\\/g, '\\')
    .trim();
}

/** Characters of a text that people typed that are shown. */
const SHOWN = 290;

function numbersIn(text: string): number[] {
  return (text.replace(/−/g, '-').match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi) ?? []).map(Number);
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b));
}

function missingFromText(text: string, facts: Said): string[] {
  const said = plain(text);
  const numbers = numbersIn(text);
  return leavesOf(facts)
    .filter(({ value }) => {
      if (typeof value === 'boolean') return false;
      if (typeof value === 'string') return !said.includes(plain(value).slice(0, SHOWN));
      return !numbers.some((number) => isNear(number, value) || isNear(Math.abs(number), Math.abs(value)));
    })
    .map(({ path, value }) => `${path.join('.')}: ${value}`);
}

function missingFromFacts(text: string, facts: Said): string[] {
  const leaves = leavesOf(facts);
  const keys = keysOf(facts);
  const texts = [
    ...leaves.flatMap(({ value }) => (typeof value === 'string' ? [plain(value)] : [])),
    ...keys.map(plain),
  ]
    .filter((one) => one !== '')
    .flatMap((one) => (one.length > SHOWN ? [one, one.slice(0, 300), one.slice(0, SHOWN)] : [one]))
    .toSorted((a, b) => b.length - a.length);
  let rest = plain(text);
  for (const one of new Set(texts)) rest = without(rest, one);
  const known = leaves.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const words = new Set([...keys, ...texts].flatMap((one) => one.toLowerCase().split(/[^\p{L}]+/u)));
  return [
    ...numbersIn(rest)
      .filter((number) => !known.some((one) => isNear(Math.abs(one), Math.abs(number))))
      .filter((number) => Math.abs(number) > 20 || !Number.isInteger(number))
      .map(String),
    ...rest
      .toLowerCase()
      .replace(/\d+(?:\.\d+)?e[+-]?\d+/g, ' ')
      .split(/[^\p{L}]+/u)
      .filter((word) => word.length > 1 && !words.has(word) && !LABELS.has(word)),
  ];
}

/** Without a text wherever it stands by itself: never from the middle of a word or a number. */
function without(text: string, part: string): string {
  const isInside = (edge: string, beside: string): boolean =>
    /[\p{L}\d]/u.test(edge) && /[\p{L}\d]/u.test(beside);
  return text.split(part).reduce((all, piece) => {
    const cuts = isInside(part.charAt(0), all.at(-1) ?? '') || isInside(part.at(-1) ?? '', piece.charAt(0));
    return `${all}${cuts ? part : ' '}${piece}`;
  });
}

/** Facts that could be otherwise without another text. */
function unheeded(facts: Said, render: (said: Said) => string): string[] {
  const leaves = leavesOf(facts);
  const every = Math.max(1, Math.ceil(leaves.length / MOST_CHANGES));
  const as = render(facts);
  return leaves
    .filter((_, i) => i % every === 0)
    .filter(({ path, value }) => render(withLeaf(facts, path, otherThan(value)) as Said) === as)
    .map(({ path, value }) => `${path.join('.')}: ${value}`);
}

function otherThan(value: Leaf['value']): Leaf['value'] {
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? 2 * value + 17 : `x${value}`;
}

function withLeaf(
  node: unknown,
  [key, ...rest]: readonly (string | number)[],
  value: Leaf['value'],
): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node))
    return node.map((item: unknown, i) => (i === key ? withLeaf(item, rest, value) : item));
  const members = node as Record<string, unknown>;
  return { ...members, [key]: withLeaf(members[key], rest, value) };
}
