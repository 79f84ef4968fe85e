import { quote } from '../text/quote.ts';
import type { Quantity, Scan } from '../science/dataset.ts';
import { tickText } from './format-number.ts';

/**
 * Names of the scans by their differences: their conditions if those differ, else their labels; '' for the only
 * one.
 */
export function scanNames(scans: readonly Scan[]): string[] {
  if (scans.length < 2) return scans.map(() => '');
  const names = [...new Set(scans.flatMap(({ conditions }) => Object.keys(conditions)))];
  const differing = names.filter(
    (name) => new Set(scans.map(({ conditions }) => shown(conditions[name]))).size > 1,
  );
  const told = scans.map(({ conditions }) =>
    differing.map((name) => `${name.replaceAll('_', ' ')} ${shown(conditions[name])}`).join(', '),
  );
  const isTold = new Set(told).size === scans.length;
  if (isTold) return told;
  const labels = scans.map(({ label }) => quote(label).slice(1, -1));
  return new Set(labels).size === scans.length ? labels : labels.map((label, i) => `${label} #${i + 1}`);
}

function shown(quantity: Quantity | undefined): string {
  const { value = null, unit = '' } = quantity ?? {};
  return value === null ? 'unknown' : `${tickText(Number(value.toPrecision(4)))} ${unit}`.trim();
}

/** Joins the names of a measurement and one of its scans. */
export function joined(...names: readonly string[]): string {
  return names.filter((name) => name !== '').join(', ');
}
