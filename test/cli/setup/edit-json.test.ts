import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberOf, withMember, withoutMember } from '../../../src/cli/setup/edit-json.ts';
import { locateJson } from '../../../src/cli/setup/json-text.ts';

const entry = { command: '/usr/bin/node', args: ['a b', '"'], env: { ARKEO_HOST: 'lab' } };
const add = (text: string): string => withMember(text, 'mcpServers', 'arkeo', entry);
const remove = (text: string): string => withoutMember(text, 'mcpServers', 'arkeo');
const parse = (text: string): Record<string, unknown> =>
  JSON.parse(text.replace('\uFEFF', '')) as Record<string, unknown>;

interface Form {
  indent: string | number;
  newline: string;
  mark: string;
  end: string;
}
const form: fc.Arbitrary<Form> = fc.record({
  indent: fc.constantFrom<string | number>(0, 1, 2, 4, '\t'),
  newline: fc.constantFrom('\n', '\r\n'),
  mark: fc.constantFrom('', '\uFEFF'),
  end: fc.constantFrom('', '\n', '\n\n'),
});
const write = (content: unknown, { indent, newline, mark, end }: Form): string =>
  mark + (JSON.stringify(content, null, indent) + end).replaceAll('\n', newline);

const anyObject = fc.dictionary(fc.string(), fc.jsonValue());
const servers = fc.dictionary(
  fc.string().filter((name) => name !== 'arkeo'),
  fc.jsonValue(),
);
const configuration = fc
  .tuple(anyObject, fc.option(servers, { nil: undefined }), anyObject)
  .map(([before, mcpServers, after]) => ({
    ...before,
    ...(mcpServers === undefined ? {} : { mcpServers }),
    ...Object.fromEntries(Object.entries(after).filter(([name]) => name !== 'mcpServers')),
  }))
  .filter(({ mcpServers }) => mcpServers === undefined || isObject(mcpServers));

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('editing a configuration', () => {
  it('adds the entry, and leaves every other member, order and the way it is written', () => {
    fc.assert(
      fc.property(configuration, form, (content, style) => {
        const before = write(content, style);
        const after = add(before);
        const { mcpServers, ...others } = parse(after);
        const { mcpServers: known, ...same } = parse(before);
        expect(others).toEqual(same);
        expect(mcpServers).toEqual({ ...(known as object | undefined), arkeo: entry });
        expect(Object.keys(parse(after)).filter((name) => name !== 'mcpServers')).toEqual(Object.keys(same));
        expect(after.startsWith('\uFEFF')).toBe(style.mark !== '');
        if (before.includes('\r\n')) expect(after).not.toMatch(/(?<!\r)\n/);
        else expect(after).not.toContain('\r\n');
        // As JSON.stringify would have written all of it in that style, for a file that was written so.
        if (Object.keys(content).length > 0)
          expect(after.trimEnd()).toBe(write(parse(after), { ...style, end: '' }));
      }),
    );
  });

  it('is idempotent, and removing undoes it byte for byte where there were servers', () => {
    fc.assert(
      fc.property(configuration, form, (content, style) => {
        const before = write(content, style);
        const after = add(before);
        expect(add(after)).toBe(after);
        expect(memberOf(after, 'mcpServers', 'arkeo')).toEqual(entry);
        const removed = remove(after);
        if (content.mcpServers === undefined)
          expect(parse(removed)).toEqual({ ...parse(before), mcpServers: {} });
        else expect(removed).toBe(before);
        expect(remove(removed)).toBe(removed);
      }),
    );
  });

  it('takes out the first or the middle one, or one that is there twice', () => {
    expect(remove('{"mcpServers": {"arkeo": 1, "b": 2}}')).toBe('{"mcpServers": {"b": 2}}');
    expect(remove('{\n "mcpServers": {\n  "a": 1,\n  "arkeo": 2,\n  "b": 3\n }\n}')).toBe(
      '{\n "mcpServers": {\n  "a": 1,\n  "b": 3\n }\n}',
    );
    expect(remove('{"mcpServers": {"arkeo": 1, "b": 2, "arkeo": 3}}')).toBe('{"mcpServers": {"b": 2}}');
  });

  it('writes as its neighbours are written', () => {
    expect(add('{ "mcpServers": { "a": 1 } }')).toBe(
      `{ "mcpServers": { "a": 1, "arkeo": ${JSON.stringify(entry)} } }`,
    );
    expect(add('{"x":1}')).toBe(`{"x":1,"mcpServers":{"arkeo":${JSON.stringify(entry)}}}`);
    expect(add('{\n\t"x": 1\n}')).toContain('\n\t"mcpServers": {\n\t\t"arkeo": {\n\t\t\t"command"');
  });

  it.each([
    ['', 'line 1, column 1: a value is expected, but the text ends'],
    ['{"a": 1,}', 'line 1, column 9: a name in double quotes is expected'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: "," or "}" is expected'],
    ['{\r\n  // mine\r\n}', 'line 2, column 3: a name in double quotes is expected'],
    ['{"a": [1, 2}', 'line 1, column 12: "," or "]" is expected'],
    ['{"a": "x\ny"}', 'line 1, column 7: a value is expected'],
    ['{"a" 1}', 'line 1, column 6: ":" is expected'],
    ['{} {}', 'line 1, column 4: nothing more is expected'],
    ['\uFEFF{"a": 01}', 'line 1, column 8: "," or "}" is expected'],
    ['['.repeat(100_000), 'line 1, column 502: is nested too deeply'],
  ])('refuses %j with line and column', (text, message) => {
    expect(() => add(text)).toThrow(message);
  });

  it('takes for JSON exactly what JSON.parse does', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\u00e9"',
      '"\\x"',
      '1',
      '-0.5e+3',
      '01',
      '.5',
    ].concat(['true', 'nul', ' ', '\n', '\t', '\v', '//', "'a'", 'NaN']);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        expect(accepts(() => locateJson(text))).toBe(accepts(() => JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['[]', '"x"', '{"mcpServers": []}', '{"mcpServers": null}'])(
    'refuses %s, of another shape',
    (text) => {
      expect(() => add(text)).toThrow(/not an object/);
    },
  );
});

function accepts(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
