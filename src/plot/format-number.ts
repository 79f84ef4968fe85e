const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};

export function powerOfTen(exponent: number): string {
  return `10${String(exponent).replace(/./g, (digit) => SUPERSCRIPTS[digit] ?? digit)}`;
}

/**
 * Formats a number on a linear axis: no digits beyond those that distinguish the ticks, powers of ten where
 * zeros would fill the label.
 */
export function tickText(value: number): string {
  if (value === 0) return '0';
  const plain = Number(value.toPrecision(6));
  const exponent = Math.floor(Math.log10(Math.abs(plain)));
  if (exponent >= -4 && exponent < 6) return minus(String(plain));
  return `${minus(String(Number((plain / 10 ** exponent).toPrecision(4))))}·${powerOfTen(exponent)}`;
}

/** Formats a figure with a fixed number of decimals; a dash without a value. */
export function decimals(value: number | undefined, digits: number): string {
  return value === undefined ? '–' : minus(value.toFixed(digits));
}

/** Formats a figure with a number of significant digits; a dash without a value. */
export function significant(value: number | undefined, digits: number): string {
  if (value === undefined) return '–';
  const text = value.toPrecision(digits);
  return text.includes('e') ? tickText(Number(text)) : minus(text);
}

function minus(text: string): string {
  return text.replace('-', '−');
}
