import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonTextError, parseTolerantJson, stringifyAscii } from '../../src/protocol/tolerant-json.ts';

const parse = (text: string) => parseTolerantJson(Buffer.from(text, 'utf8'));

/** JSON as a LabVIEW program writes it: numbers that JSON does not have stand bare. */
function labviewJson(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(labviewJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([k, v]) => `${JSON.stringify(k)} : ${labviewJson(v)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

const anyNumber = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity));
const trickyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('NaN', 'a, NaN, b', '-Infinity', 'x // y', '[1,]', '\\', '\\"', 'NaN?', '\u00a0'),
);
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyNumber,
    trickyText,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(trickyText, tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('tolerant JSON', () => {
  it('reads back any value with NaN and Infinity in it, and never touches strings', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(parse(labviewJson(value)).value).toEqual(value);
      }),
    );
  });

  it('agrees with JSON.parse on anything that is JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = parse(text);
        expect(read.value).toEqual(JSON.parse(text));
        expect(read.repairs).toEqual([]);
      }),
    );
  });

  it('writes ASCII that JSON.parse reads back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = stringifyAscii(value);
        expect(text).toMatch(/^[\x00-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    ['[1,2,]', [1, 2], 'syntax'],
    ['{"a":1, }', { a: 1 }, 'syntax'],
    ['{"a":1, // a comment\n "b":2}', { a: 1, b: 2 }, 'syntax'],
    [`{"a":1,${'/'.repeat(200)}\n "b":2}`, { a: 1, b: 2 }, 'syntax'],
    [`[1,${'/'.repeat(200)}\n]`, [1], 'syntax'],
    ['{\u00a0"a":1}', { a: 1 }, 'syntax'],
    ['[-Inf,Inf,+Infinity]', [-Infinity, Infinity, Infinity], 'non-finite-number'],
    ['NaN', Number.NaN, 'non-finite-number'],
  ])('forgives %s (rows 11, 14)', (text, value, repair) => {
    expect(parse(text)).toEqual({ value, encoding: 'utf-8', repairs: [repair] });
  });

  it('reads a byte order mark as nothing', () => {
    expect(parse('\ufeff{"a":1}').value).toEqual({ a: 1 });
  });

  it('reads Windows-1252 where the bytes are not UTF-8, also between 0x80 and 0x9F', () => {
    const bytes = Buffer.from([0x22, 0x41, 0x2f, 0x63, 0x6d, 0xb2, 0x80, 0x93, 0x22]);
    expect(parseTolerantJson(bytes)).toEqual({
      value: 'A/cm²€“',
      encoding: 'windows-1252',
      repairs: ['windows-1252'],
    });
  });

  it.each([
    '',
    '   ',
    '"\\"\\',
    '"a\\',
    'Not a valid command',
    '{"a":',
    '[1 2]',
    '{"a":NaNo}',
    '[,]',
    '"unclosed',
  ])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(JsonTextError);
  });

  it.each([
    [
      '[[1,2],[3,[NaN]],[4,{"a":NaN}]]',
      [
        [1, 2],
        [3, [Number.NaN]],
        [4, { a: Number.NaN }],
      ],
    ],
    ['[1,{"a":[NaN,"NaN"]}]', [1, { a: [Number.NaN, 'NaN'] }]],
    ['{"a":NaN,"a":1,"b":[2,[NaN]]}', { a: 1, b: [2, [Number.NaN]] }],
    ['[[1,NaN],["x",NaN],NaN]', [[1, Number.NaN], ['x', Number.NaN], Number.NaN]],
  ])('finds every NaN in %s, where rows are not only numbers', (text, value) => {
    expect(parse(text).value).toEqual(value);
  });

  it('reads ten thousand levels of nesting with a NaN at the bottom', () => {
    const depth = 10_000;
    let node = parse(`${'['.repeat(depth)}NaN${']'.repeat(depth)}`).value;
    for (let i = 0; i < depth; i++) node = (node as unknown[])[0];
    expect(node).toBeNaN();
  });
});
