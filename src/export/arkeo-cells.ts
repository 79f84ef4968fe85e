import { normaliseUnit } from '../science/units.ts';

const DIGITS = 12;

/** A number as the instrument's files have it, `1.26E-3`; a missing one is NaN. */
export function numberCell(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return 'NaN';
  // Twelve digits are more than any measurement has, and hide what a change of unit does to the last ones.
  return Number(value.toPrecision(DIGITS)).toExponential().toUpperCase();
}

/** Text from people: on one line, in one cell, and never taken for a headline such as `## Data ##`. */
export function textCell(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/#{2,}/g, '#')
    .trim();
}

/** What begins a line: never a comment, a headline or a section. */
export function keyCell(text: string): string {
  return textCell(text).replace(/^[#[\s]+/, '') || 'unnamed';
}

/** `[name]` on a line of its own. */
export function sectionLine(name: string): string {
  return `[${textCell(name).replaceAll('[', '(').replaceAll(']', ')') || 'unnamed'}]`;
}

/** `name (unit)`; brackets in the unit, and a name that would be read as having one, are taken care of. */
export function heading(name: string, unit: string): string {
  const plain = textCell(unit).replaceAll('(', '[').replaceAll(')', ']');
  const key = keyCell(name);
  if (plain !== '') return `${key} (${normaliseUnit(plain)})`;
  return key.endsWith(')') ? `${key} ()` : key;
}
