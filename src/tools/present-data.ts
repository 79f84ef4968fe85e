export interface PresentedData {
  /** JSON-safe: numbers that JSON cannot carry are null. */
  data: unknown;
  /** Changes to the data: rows left out, numbers that became null. One sentence each. */
  notes: string[];
}

const MAX_DEPTH = 64;
const MAX_TEXT = 4000;

/**
 * Makes instrument data fit for an answer: at most about `budget` values, long lists thinned to evenly spaced
 * items (first and last always kept), NaN and Infinity as null, and a note for everything that was left out.
 */
export function presentData(data: unknown, budget: number): PresentedData {
  let keep = Number.POSITIVE_INFINITY;
  let presented = present(data, keep);
  for (keep = 256; presented.values > budget && keep > 2; keep = Math.max(2, Math.floor(keep / 1.5))) {
    presented = present(data, keep);
  }
  const notes = [...presented.thinned].map(
    ([path, { of, shown }]) => `${path}: ${shown} of ${of} shown, evenly spaced; the others are left out`,
  );
  if (presented.nonFinite > 0) {
    notes.push(
      `${presented.nonFinite} NaN or infinite number${presented.nonFinite === 1 ? '' : 's'} shown as null`,
    );
  }
  if (presented.cut > 0) notes.push('what was nested too deep or too long a text was cut');
  return { data: presented.data, notes };
}

interface Presented {
  data: unknown;
  values: number;
  nonFinite: number;
  cut: number;
  thinned: Map<string, { of: number; shown: number }>;
}

function present(root: unknown, keep: number): Presented {
  const out: Presented = { data: null, values: 0, nonFinite: 0, cut: 0, thinned: new Map() };
  const visit = (value: unknown, path: string, depth: number): unknown => {
    if (typeof value === 'object' && value !== null) {
      if (depth > MAX_DEPTH) {
        out.cut++;
        return '…';
      }
      if (Array.isArray(value)) {
        const items: unknown[] = value;
        const shown = thin(items, keep);
        if (shown.length < items.length) out.thinned.set(path, { of: items.length, shown: shown.length });
        return shown.map((item) => visit(item, `${path}[]`, depth + 1));
      }
      const entries: [string, unknown][] = Object.entries(value);
      const shown = thin(entries, keep);
      if (shown.length < entries.length)
        out.thinned.set(`${path}.*`, { of: entries.length, shown: shown.length });
      return Object.fromEntries(shown.map(([key, item]) => [key, visit(item, `${path}.${key}`, depth + 1)]));
    }
    out.values++;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      out.nonFinite++;
      return null;
    }
    if (typeof value === 'string' && value.length > MAX_TEXT) {
      out.cut++;
      return `${value.slice(0, MAX_TEXT)}…`;
    }
    return value ?? null;
  };
  out.data = visit(root, 'data', 0);
  return out;
}

function thin<T>(items: readonly T[], keep: number): readonly T[] {
  if (items.length <= keep) return items;
  const every = (items.length - 1) / (keep - 1);
  const kept = new Set(Array.from({ length: keep }, (_, i) => Math.round(i * every)));
  return items.filter((_, i) => kept.has(i));
}

/** JSON for reading: thinned, six significant digits. */
export function compactJson(data: unknown, budget: number): string {
  const { data: shown, notes } = presentData(data, budget);
  const json = JSON.stringify(shown, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value,
  );
  return notes.length > 0 ? `${json}\n(${notes.join('; ')})` : json;
}
