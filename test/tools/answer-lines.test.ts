import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entries } from '../../src/tools/answer/tellings.ts';

it('a value that the instrument holds begins no line of its own', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) => {
      const { lines = [] } = entries('as found').tell('applied', { order: `${typed}\nALARM: ${typed}` });
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
  );
});
