import { normaliseUnit } from '../science/units.ts';

const DIGITS = 12;

/** Formats a number as the instrument's files do, `1.26E-3`; a missing one is NaN. */
export function numberCell(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return 'NaN';
  // Twelve digits exceed the resolution of any measurement, and hide rounding by a change of unit in the last
  // ones.
  return Number(value.toPrecision(DIGITS)).toExponential().toUpperCase();
}

/** Makes text from people safe: one line, one cell, and never a headline such as `## Data ##`. */
export function textCell(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/#{2,}/g, '#')
    .trim();
}

/** Makes text that can begin a line: never a comment, a headline or a section. */
export function keyCell(text: string): string {
  return textCell(text).replace(/^[#[\s]+/, '') || 'unnamed';
}

/** Makes the line `[name]`. */
export function sectionLine(name: string): string {
  return `[${textCell(name).replaceAll('[', '(').replaceAll(']', ')') || 'unnamed'}]`;
}

/**
 * Makes the heading `name (unit)`; brackets in the unit, and a name that would be read as having a unit, are
 * escaped.
 */
export function heading(name: string, unit: string): string {
  const plain = textCell(unit).replaceAll('(', '[').replaceAll(')', ']');
  const key = keyCell(name);
  if (plain !== '') return `${key} (${normaliseUnit(plain)})`;
  return key.endsWith(')') ? `${key} ()` : key;
}
