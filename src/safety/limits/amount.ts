import { normaliseUnit, scaleBetween } from '../../science/units.ts';

/** A number with the unit that stands behind it; empty where none does. */
export interface Amount {
  readonly number: number;
  readonly unit: string;
}

/** The amounts in a value of a setting. */
export interface Amounts {
  /** The value is this one amount, and nothing else stands in it. */
  readonly whole: boolean;
  readonly amounts: readonly Amount[];
}

const DIGITS = String.raw`[+-]?(?:\d[\d.,]*|[.,]\d+)(?:e[+-]?\d+)?`;
const UNIT = String.raw`[a-zµμΩ%°²/]*`;
const ONE = new RegExp(`^(${DIGITS})(${UNIT})$`, 'i');
const ANY = new RegExp(`(${DIGITS})(${UNIT})`, 'gi');
const ENDLESS = /^[+-]?(?:inf(?:inity)?|∞|1\.#inf)$/i;
const RADIX = /^0[xob][\da-f]+$/i;

/** Reads a number, or text that is or contains numbers: "25", "2,5e1", "25 V", "0x19". Undefined without any. */
export function amountsOf(value: unknown): Amounts | undefined {
  if (typeof value === 'number') return { whole: true, amounts: [{ number: value, unit: '' }] };
  if (typeof value !== 'string') return undefined;
  const text = value.normalize('NFKC').replace(/[−–]/g, '-').replace(/\s+/g, '');
  if (ENDLESS.test(text)) return whole({ number: text.startsWith('-') ? -Infinity : Infinity, unit: '' });
  if (RADIX.test(text)) return whole({ number: Number(text), unit: '' });
  const one = ONE.exec(text);
  const only = one === null ? undefined : amount(one);
  if (only !== undefined && isKnownUnit(only.unit)) return whole(only);
  const amounts = [...text.matchAll(ANY)].map(amount);
  return amounts.length === 0 ? undefined : { whole: false, amounts };
}

function whole(one: Amount): Amounts {
  return Number.isNaN(one.number) ? { whole: false, amounts: [] } : { whole: true, amounts: [one] };
}

function amount([, digits = '', unit = '']: RegExpExecArray): Amount {
  return { number: numberIn(digits), unit: electricalUnit(unit) ?? normaliseUnit(unit) };
}

/** Units of settings that are neither voltage nor current. */
export const HARMLESS_UNITS: ReadonlySet<string> = new Set(
  's ms µs ns min h Hz kHz MHz 1/s S/s V/s mV/s nm µm mm cm m cm² mm² mW/cm² K °C px'.split(' '),
);

/** A prefix alone is how LabVIEW writes 10 mV: "10 m". */
function isKnownUnit(unit: string): boolean {
  return (
    ['', '%', 'a.u.'].includes(unit) ||
    /^[GMkmµnp]$/.test(unit) ||
    HARMLESS_UNITS.has(unit) ||
    electricalScale(unit) !== undefined
  );
}

/** The last separator is the decimal one, unless the same stands several times: then all separate thousands. */
function numberIn(digits: string): number {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  const separator = digits.charAt(last);
  const isDecimal = last >= 0 && digits.indexOf(separator) === last;
  const plain = (text: string): string => text.replace(/[.,]/g, '');
  return Number(isDecimal ? `${plain(digits.slice(0, last))}.${digits.slice(last + 1)}` : plain(digits));
}

const SPELLED = /^([GMkmµunp]?)(v(?:olts?|dc)?|a(?:mp(?:s|eres?)?)?)$/i;

/** The unit with `V` or `A`, in whatever case it is written: "v", "mv", "Volt"; undefined for anything else. */
export function electricalUnit(text: string): string | undefined {
  const [, prefix = '', base = ''] = SPELLED.exec(normaliseUnit(text)) ?? [];
  if (base === '') return undefined;
  return `${prefix === 'u' ? 'µ' : prefix === 'K' ? 'k' : prefix}${base.charAt(0).toUpperCase()}`;
}

/** How many V or A one of the unit is; undefined for anything else. */
export function electricalScale(unit: string): { base: 'V' | 'A'; scale: number } | undefined {
  for (const base of ['V', 'A'] as const) {
    const scale = scaleBetween(unit, base);
    if (scale !== undefined) return { base, scale };
  }
  return undefined;
}
