import type { Dataset, Quantity } from './dataset.ts';

/**
 * Makes a unique name for each scan: its label; if labels repeat, with its conditions, or else with a number.
 */
export function scanNames({ scans }: Pick<Dataset, 'scans'>): string[] {
  const unique = (names: readonly string[]): boolean => new Set(names).size === names.length;
  const labels = scans.map(({ label }) => label);
  if (unique(labels)) return labels;
  const detailed = scans.map(({ label, conditions }) => {
    const told = Object.entries(conditions).map(([name, quantity]) => `${name} ${shown(quantity)}`);
    return told.length === 0 ? label : `${label}, ${told.join(', ')}`;
  });
  return unique(detailed) ? detailed : labels.map((label, i) => `${label} #${i + 1}`);
}

function shown({ value, unit }: Quantity): string {
  return value === null ? 'unknown' : `${value} ${unit}`.trim();
}
