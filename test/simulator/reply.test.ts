import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTolerantJson } from '../../src/protocol/tolerant-json.ts';
import { labviewJson } from '../../src/simulator/reply.ts';

describe('labviewJson', () => {
  it('writes what JSON does not have as LabVIEW does', () => {
    expect(labviewJson([NaN, Infinity, -Infinity, null, -0])).toBe('[NaN,Infinity,-Infinity,null,0]');
  });

  it('writes small numbers with a capital exponent and 15 digits', () => {
    expect(labviewJson([1e-4, 0.1 + 0.2, 1.17926585553872e-4, 6360, 1e21])).toBe(
      '[1E-4,0.3,1.17926585553872E-4,6360,1E+21]',
    );
  });

  it('leaves out what is undefined', () => {
    expect(labviewJson({ a: undefined, 'b "c"': 'A/cmÂ²' })).toBe('{"b \\"c\\"":"A/cmÂ²"}');
  });

  it('can be read back, numbers to 15 digits', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const back = parseTolerantJson(Buffer.from(`[${labviewJson(value)}]`)).value;
        const expected = Number.isFinite(value) ? Number(value.toPrecision(15)) + 0 : value;
        expect(back).toEqual([expected]);
      }),
    );
  });
});
