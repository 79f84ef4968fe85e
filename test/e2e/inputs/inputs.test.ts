import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type FakeInstrument, startFake } from '../../helpers/fake-instrument.ts';
import { exampleOf, NO_ARGUMENTS, nearMisses, STRANGE_NAMES, wrongValues } from './breaks.ts';
import { type Schema, schemaOf, validArguments } from './json-schema.ts';
import { type Called, type RawServer, startRaw } from './raw-server.ts';
import { tools } from '../../helpers/all-in-one.ts';

/** What is checked, with the bounds that are not listed. */
const full = new Map(
  tools.map(({ name, input }) => [name, schemaOf.parse(z.toJSONSchema(input, { io: 'input' }))]),
);
const JARGON =
  /\bat .+[/\\].+:\d+|node_modules|Zod|invalid_|too_small|too_big|[Ii]nvalid (input|option|key|type)|[Ee]xpected|received|\[object|Too (small|big)/;

let instrument: FakeInstrument;
let server: RawServer;
/** For calls that may go through: a measurement goes on when its call has been answered. */
let permissive: RawServer;
let refusing: FakeInstrument;

const refuseAll: Parameters<typeof startFake>[0] = (request, { reply }) =>
  reply(request, { status: 'ERROR', error: { code: 5, message: 'this one does nothing' } });
const serverOn = ({ port }: FakeInstrument) => startRaw(['--host', '127.0.0.1', '--port', String(port)]);

beforeAll(async () => {
  [instrument, refusing] = await Promise.all([startFake(refuseAll), startFake(refuseAll)]);
  [server, permissive] = await Promise.all([serverOn(instrument), serverOn(refusing)]);
});
afterAll(async () => {
  await Promise.all([server.close(), permissive.close()]);
  await Promise.all([instrument.close(), refusing.close()]);
});

/** What the instrument has seen. */
const wire = (): number => instrument.connections + instrument.received.length;

/** A call that has to be refused, and what the refusal has to name. */
interface Refused {
  what: string;
  json: string;
  names: readonly string[];
}

const withMember = (args: readonly (readonly [string, string])[]): string =>
  `{${args.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}`;

/** Examples that put energy in: a call that takes it out is never refused for its form. */
const SWITCHING_ON: Readonly<Record<string, string>> = {
  values: JSON.stringify(Array.from({ length: 12 }, () => 0.5)),
  state: '[true]',
  enable: 'true',
  laser: 'true',
  relay: '1',
  output: '0.5',
  shutter_status: 'true',
};

/** Every call of a tool that is wrong in one way, and right otherwise. */
function refusals({ properties = {}, required = [] }: Schema): Refused[] {
  const needed = required.map(
    (name) => [name, SWITCHING_ON[name] ?? exampleOf(properties[name] ?? {})] as const,
  );
  const known = Object.keys(properties);
  const knownNames = known.length === 0 ? ['it takes no arguments'] : known;
  const unknown = (name: string, meant?: string): Refused => ({
    what: `unknown ${name.slice(0, 30)}`,
    json: withMember([...needed, [name, '1']]),
    names: [
      ...knownNames,
      name.trim().slice(0, 60),
      ...(meant === undefined ? [] : [`(is ${meant} meant?)`]),
    ],
  });
  return [
    ...required.map((name) => ({
      what: `without ${name}`,
      json: withMember(needed.filter(([other]) => other !== name)),
      names: [`${name} is missing`],
    })),
    ...known.flatMap((name) =>
      wrongValues(properties[name] ?? {})
        // Null for an optional argument is absent.
        .filter(({ json }) => json !== 'null' || required.includes(name))
        .map(({ what, json, inside = '', names }) => ({
          what: `${name} ${what}`,
          json: withMember([...needed.filter(([other]) => other !== name), [name, json]]),
          names: [name + inside, ...names],
        })),
    ),
    ...known.flatMap((name) =>
      nearMisses(name)
        .filter((miss) => !known.includes(miss))
        .map((miss) => unknown(miss)),
    ),
    // A name without its underscores can mean one only.
    ...known
      .filter((name) => name.length > 3)
      .map((name) => unknown(name.replaceAll('_', '').toUpperCase(), name))
      .filter(({ what }) => !known.includes(what.slice('unknown '.length))),
    ...STRANGE_NAMES.map((name) => unknown(name)),
  ];
}

function complaints(
  { text, isError, error, structured, protocolError }: Called,
  names: readonly string[],
): string[] {
  if (protocolError !== undefined) return [`refused by the protocol: ${protocolError}`];
  return [
    ...(isError ? [] : ['not refused']),
    ...(structured === undefined ? [] : ['with structured content']),
    ...(error?.['outcome'] === 'not_sent' ? [] : [`outcome ${String(error?.['outcome'])}`]),
    ...(error?.['code'] === 'invalid_input' ? [] : [`code ${String(error?.['code'])}`]),
    ...(JARGON.test(text.replace(/^ERROR invalid_input: /, '')) ? ['jargon'] : []),
    ...(text.length > 3000 ? [`${text.length} characters`] : []),
    ...(/(?!\n)\p{Cc}/u.test(text) ? ['control characters'] : []),
    ...names.filter((name) => !text.includes(name)).map((name) => `does not name ${name}`),
  ];
}

/** What is wrong with the answers to calls that have to be refused, all on their way at once. */
async function wrongAnswers(name: string, calls: readonly Refused[]): Promise<string[]> {
  const answers = await Promise.all(
    calls.map(async ({ what, json, names }) => {
      const answer = await server.call(name, json);
      const wrong = complaints(answer, names);
      return wrong.length === 0
        ? []
        : [`${what} ${json.slice(0, 100)}: ${wrong.join(', ')}: ${answer.text.slice(0, 400)}`];
    }),
  );
  return answers.flat();
}

describe('the tools that are listed', () => {
  it('are all tools, with the arguments that are checked', async () => {
    const listed = (await server.list()).map(({ name, inputSchema }) => ({
      name,
      schema: schemaOf.parse(inputSchema),
    }));
    expect(listed.map(({ name }) => name)).toEqual([...full.keys()]);
    for (const { name, schema } of listed) {
      const checked = full.get(name);
      expect(Object.keys(schema.properties ?? {}), name).toEqual(Object.keys(checked?.properties ?? {}));
      expect(schema.required ?? [], name).toEqual(checked?.required ?? []);
    }
  });
});

/** Tools whose every call takes energy out: a test of their own says that form never refuses them. */
const OFF = new Set(tools.filter(({ kind }) => kind === 'safety').map(({ name }) => name));

describe.each([...full].filter(([name]) => !OFF.has(name)))('%s', (name, schema) => {
  it('refuses whatever is wrong in one way, naming what and what would be right', async () => {
    const before = wire();
    expect(await wrongAnswers(name, refusals(schema))).toEqual([]);
    expect(wire() - before).toBe(0);
  });

  it('refuses what are no arguments', async () => {
    const before = wire();
    for (const json of NO_ARGUMENTS) {
      const { protocolError, text, error } = await server.call(name, json);
      expect(protocolError, json).toBeUndefined();
      expect(text).not.toMatch(/node_modules|\bat .+:\d+:\d+/);
      expect(error).toMatchObject({ code: 'invalid_input', outcome: 'not_sent' });
    }
    expect(wire() - before).toBe(0);
  });

  it('refuses right arguments of which several are made wrong', async () => {
    const wrong = refusals(schema).map(({ json }) =>
      z.record(z.string(), z.unknown()).parse(JSON.parse(json)),
    );
    const switchedOn = Object.fromEntries(
      Object.keys(schema.properties ?? {}).flatMap((key) => {
        const on = SWITCHING_ON[key];
        return on === undefined || schema.required?.includes(key) !== true ? [] : [[key, JSON.parse(on)]];
      }),
    );
    const before = wire();
    await fc.assert(
      fc.asyncProperty(
        validArguments(schema),
        fc.array(fc.constantFrom(...wrong), { minLength: 1, maxLength: 3 }),
        async (args, breaks) => {
          // What is missing cannot be added to, and JSON has no Infinity: the last way in which it is wrong stays.
          const merged = Object.assign({}, args, switchedOn, ...breaks, breaks.at(-1));
          const broken = JSON.stringify(merged);
          const tool = tools.find((one) => one.name === name);
          // Null for an optional argument is absent.
          const isAbsent = ([key, value]: [string, unknown]) =>
            value === null && key in (schema.properties ?? {});
          const given = Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(broken)));
          const needed = schema.required ?? [];
          const read = Object.fromEntries(
            given.filter((member) => !isAbsent(member) || needed.includes(member[0])),
          );
          fc.pre(tool?.input.safeParse(read).success === false);
          fc.pre(read['control'] !== 'off' && read['preset'] !== 'off');
          expect(complaints(await server.call(name, broken), [])).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
    expect(wire() - before).toBe(0);
  });

  it('takes what is right', async () => {
    const tool = tools.find((one) => one.name === name);
    const issues = (args: unknown) => tool?.input.safeParse(args).error?.issues ?? [];
    fc.assert(
      fc.property(validArguments(schema), (args) => {
        const found = issues(JSON.parse(JSON.stringify(args)));
        // What several arguments have to be together is in no schema.
        expect(found.filter(({ code, path }) => code !== 'custom' || path.length > 0)).toEqual([]);
      }),
      { numRuns: 100 },
    );
    const some = fc
      .sample(validArguments(schema), { numRuns: 500, seed: 1 })
      .filter((args) => issues(args).length === 0)
      .slice(0, 5);
    expect(some).not.toEqual([]);
    for (const args of some) {
      const { text, protocolError } = await permissive.call(name, JSON.stringify(args));
      expect(protocolError).toBeUndefined();
      expect(text).not.toContain('Correct the arguments');
    }
  });
});

/** Ids that lead elsewhere, on one system or another. */
const LEADING_ELSEWHERE = [
  '..',
  '../../../../etc/passwd',
  '/etc/passwd',
  '..\\..\\windows\\win.ini',
  'C:\\Windows\\win.ini',
  '\\\\server\\share',
  '%2e%2e%2fetc',
  'CON',
  'file:///etc/passwd',
  '2026-01-01/../../x',
  '__proto__',
  'constructor',
];

describe('names that lead elsewhere', () => {
  const idTools = [...full].flatMap(([name, { properties = {} }]) =>
    ['id', 'ids'].flatMap((key) =>
      properties[key] === undefined ? [] : [[name, key, properties[key]] as const],
    ),
  );
  it.each(idTools)('%s finds nothing there', async (name, key, { minItems }) => {
    const needed = full.get(name)?.required ?? [];
    for (const id of LEADING_ELSEWHERE) {
      const value = key === 'id' ? id : Array.from({ length: minItems ?? 1 }, (_, i) => id.repeat(i + 1));
      const args = { ...(needed.includes('format') ? { format: 'csv' } : {}), [key]: value };
      const { isError, text, error } = await server.call(name, JSON.stringify(args));
      expect(isError, text).toBe(true);
      expect(error).toMatchObject({ code: 'no_such_measurement', outcome: 'not_sent' });
      expect(text).toContain('list_measurements');
    }
  });

  const nameTools = [...full].flatMap(([name, { properties = {} }]) =>
    ['device_name', 'user_name']
      .filter((key) => properties[key] !== undefined)
      .map((key) => [name, key] as const),
  );
  it.each(nameTools)('%s refuses them as %s', async (name, key) => {
    const before = wire();
    for (const value of ['../x', 'a/b', 'a\\b', 'C:x', '..', 'x.']) {
      const routine = name === 'measure_routine' ? { routine: 'JV' } : {};
      const { isError, text, error } = await server.call(name, JSON.stringify({ ...routine, [key]: value }));
      expect(isError, text).toBe(true);
      expect(text).toContain(`${key}: ARKEO makes a folder of it`);
      expect(error).toMatchObject({ code: 'invalid_input', outcome: 'not_sent' });
    }
    expect(wire() - before).toBe(0);
  });
});

describe('calls that take energy out', () => {
  const zeros = JSON.stringify(Array.from({ length: 12 }, () => 0));
  it.each([
    ['safe_shutdown', '{"wait_for_previous":true}'],
    ['safe_shutdown', '{"scope":"all","close_routine":"perhaps"}'],
    ['safe_shutdown', '{"reason":"smoke"}'],
    ['safe_shutdown', '[]'],
    ['safe_shutdown', 'null'],
    ['led_set_values', `{"values":${JSON.stringify(zeros)},"why":"done"}`],
    ['set_light', '{"preset":"off","brightness":0}'],
    ['tmpctl_set_enable', '{"enable":"false","channel":null,"reason":"hot"}'],
    ['select_device', '{"relay":"0","pixel":3}'],
    ['tcspc_set_laser', '{"laser":false,"port":7}'],
  ])('%s %s is not refused for its form', async (name, json) => {
    const { text, error, protocolError } = await permissive.call(name, json);
    expect(protocolError, text).toBeUndefined();
    expect(error?.['code'], text).not.toBe('invalid_input');
  });

  it('say what was left out', async () => {
    const { text } = await permissive.call('safe_shutdown', '{"scope":"all"}');
    expect(text).toContain('scope "all" was not understood');
  });

  it.each([
    ['led_set_values', '{"values":[0.5,0,0,0,0,0,0,0,0,0,0,0],"why":"test"}'],
    ['set_light', '{"preset":"sun","brightness":0}'],
    ['tmpctl_set_enable', '{"enable":true,"reason":"warm"}'],
  ])('but %s %s, which puts energy in, is', async (name, json) => {
    const { error } = await server.call(name, json);
    expect(error).toMatchObject({ code: 'invalid_input', outcome: 'not_sent' });
  });
});
