import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentData } from '../../src/tools/present-data.ts';

function leaves(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + leaves(item), 0);
  if (typeof value === 'object' && value !== null) return leaves(Object.values(value));
  return 1;
}

describe('data fit for an answer', () => {
  it('leaves small data as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        fc.pre(leaves(value) <= 50);
        expect(presentData(value, 100)).toEqual({ data: value, notes: [] });
      }),
    );
  });

  it('shows what JSON cannot carry as null, and says how many', () => {
    const { data, notes } = presentData([1, Number.NaN, { a: Number.NEGATIVE_INFINITY }, undefined], 100);
    expect(data).toEqual([1, null, { a: null }, null]);
    expect(notes).toEqual(['2 NaN or infinite numbers shown as null']);
  });

  it('thins long lists evenly, keeps first and last, and says what it left out', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [i / 1000, -i]);
    const { data, notes } = presentData({ scans: [{ name: 'forward', data: rows }] }, 100);
    const shown = (data as { scans: { data: number[][] }[] }).scans[0]?.data ?? [];
    expect(leaves(data)).toBeLessThanOrEqual(100);
    expect(shown.length).toBeGreaterThan(20);
    expect([shown[0], shown.at(-1)]).toEqual([rows[0], rows.at(-1)]);
    expect(notes).toEqual([
      `data.scans[].data: ${shown.length} of 1000 shown, evenly spaced; the others are left out`,
    ]);
  });

  it('survives any nesting and any text', () => {
    let deep: unknown = 'x'.repeat(100_000);
    for (let i = 0; i < 20_000; i++) deep = [deep];
    const { data, notes } = presentData(deep, 100);
    expect(JSON.stringify(data).length).toBeLessThan(1000);
    expect(notes).toEqual(['what was nested too deep or too long a text was cut']);
  });
});
