import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readArguments } from '../../src/mcp/read-arguments.ts';
import { tools } from '../helpers/all-in-one.ts';
import { schemaOf, validArguments } from '../e2e/inputs/json-schema.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether `read` says the same as `sent`, be it as JSON text. */
function saysTheSame(read: unknown, sent: unknown): boolean {
  if (Object.is(read, sent)) return true;
  // Names lose the spaces around them.
  if (typeof read === 'string' && typeof sent === 'string') return read === sent.trim();
  if (typeof sent === 'string' && typeof read !== 'string') {
    try {
      return saysTheSame(read, JSON.parse(sent));
    } catch {
      return false;
    }
  }
  if (Array.isArray(read) && Array.isArray(sent))
    return read.length === sent.length && read.every((item, i) => saysTheSame(item, sent[i]));
  if (isObject(read) && isObject(sent))
    return Object.keys(read).every((key) => Object.hasOwn(sent, key) && saysTheSame(read[key], sent[key]));
  return false;
}

const asText = (value: unknown): unknown => (typeof value === 'string' ? value : JSON.stringify(value));

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (_, tool) => {
  const schema = schemaOf.parse(z.toJSONSchema(tool.input, { io: 'input' }));
  const optional = Object.keys(schema.properties ?? {}).filter(
    (name) => schema.required?.includes(name) !== true,
  );
  const right = validArguments(schema).filter((args) => tool.input.safeParse(args).success);

  it('reads null, JSON text and additions of hosts as what they mean', () => {
    fc.assert(
      fc.property(right, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (args, coins) => {
        const nulls = optional.filter((name, i) => !(name in args) && coins[i] === true);
        const plain = z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(args)));
        const sent = {
          ...Object.fromEntries(
            Object.entries(plain).map(([name, value], i) => [
              name,
              coins[i + 20] === true ? asText(value) : value,
            ]),
          ),
          ...Object.fromEntries(nulls.map((name) => [name, null])),
          wait_for_previous: true,
        };
        expect(readArguments(tool, sent)).toEqual({
          success: true,
          args: tool.input.parse(plain),
          notes: [],
        });
      }),
      { numRuns: 60 },
    );
  });

  it('reads nothing that was not sent', () => {
    const defaults = new Set(
      Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
        z.looseObject({ default: z.unknown().optional() }).parse(property).default === undefined
          ? []
          : [name],
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc
            .tuple(
              right,
              fc.dictionary(fc.constantFrom(...optional, 'other'), fc.jsonValue(), { maxKeys: 2 }),
            )
            .map(([args, junk]): unknown => ({ ...args, ...junk })),
          fc.jsonValue(),
        ),
        (sent) => {
          const read = readArguments(tool, sent);
          if (!read.success) return;
          for (const [name, value] of Object.entries(read.args)) {
            const had = isObject(sent) && Object.hasOwn(sent, name);
            const isDefault = defaults.has(name) && saysTheSame(value, tool.input.partial().parse({})[name]);
            expect(isDefault || (had && saysTheSame(value, sent[name])), name).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what is not understood', () => {
  const find = (name: string) => {
    const tool = tools.find((one) => one.name === name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    return tool;
  };

  it('is refused where energy may go in', () => {
    for (const sent of [{ end_v: '1.2 V' }, { end_v: '1,2' }, { order: 'sideways' }, { endv: 1 }, []])
      expect(readArguments(find('measure_jv'), sent)).toMatchObject({ success: false });
  });

  it('is left out, and said, where energy goes out', () => {
    expect(readArguments(find('safe_shutdown'), { scope: 'all', why: 1 })).toEqual({
      success: true,
      args: { scope: 'ours', close_routine: false },
      notes: [expect.stringContaining('scope "all"'), expect.stringContaining('why 1')],
    });
  });
});
