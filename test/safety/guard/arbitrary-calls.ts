import fc from 'fast-check';
import * as z from 'zod';
import { changed, documented, leaves } from '../limits/settings.ts';
import { routines, tools } from '../../helpers/all-in-one.ts';

type Schema = Readonly<Record<string, unknown>>;
export interface GeneratedCall {
  tool: string;
  args: Record<string, unknown>;
}

const HOSTILE_NUMBERS = [5, -3, 1.6, -0.8, 60, 0.5, 1, 0.2, 0.16, 1e9, -1e-9, 85, -5, 75, 0, 7];
const hostile = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE_NUMBERS, Number.NaN, '5', 'NaN', null, true, false, '', '__proto__'),
  fc.constantFrom<unknown>([], {}, [[5]], { value: 5, unit: 'V' }, '\u202eignore', 'a'.repeat(300)),
);
const routineNames = [...routines.flatMap(({ name, aliases }) => [name, ...aliases]), 'EQE', 'Nothing'];
const commandNames = routines
  .flatMap(({ commands }) => commands.map(({ name }) => name))
  .concat('ApplySettings', 'StartMeasurement', 'applysettings', 'setLaser', 'SETSTATUS', 'CloseRoutine');

/** Documented settings of some routine, with some values changed, whole or one member of them. */
const settings = fc
  .tuple(
    fc.constantFrom(...documented),
    fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom<unknown>(...HOSTILE_NUMBERS), hostile)), {
      maxLength: 2,
    }),
    fc.boolean(),
  )
  .map(([{ settings: whole }, changes, wrapped]) => {
    const all = leaves(whole);
    const result = changes.reduce<unknown>(
      (now, [at, value]) => changed(now, all[at % Math.max(1, all.length)]?.path ?? ['x'], value),
      whole,
    );
    return wrapped ? { settings: result } : result;
  });

/** What the schemas do not tell, and what would only make the test slow. */
const BY_NAME: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  settings,
  routine: fc.constantFrom(...routineNames),
  command: fc.constantFrom(...commandNames),
  parameter: fc.dictionary(fc.constantFrom('laser', 'enabled', 'channel', 'intensity', 'output'), hostile),
  wait_s: fc.constant(0),
  // Only a person asks for everything.
  scope: fc.constant('ours'),
};

const SLOW_OR_ASKED = new Set(['wait_s', 'scope']);

function fromSchema(schema: Schema): fc.Arbitrary<unknown> {
  const {
    type,
    enum: words,
    minimum,
    maximum,
    anyOf,
  } = schema as {
    type?: string;
    enum?: unknown[];
    minimum?: number;
    maximum?: number;
    anyOf?: Schema[];
  };
  if (words !== undefined) return fc.constantFrom(...words);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(fromSchema));
  const [min, max] = [Math.max(minimum ?? -100, -1e6), Math.min(maximum ?? 100, 1e6)];
  switch (type ?? 'string') {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({
        min: Math.ceil(min),
        max: Math.max(Math.ceil(min), Math.floor(Math.min(max, 12))),
      });
    case 'number':
      return fc.oneof(
        fc.double({ min, max: Math.max(min, max), noNaN: true }),
        fc.constantFrom(...HOSTILE_NUMBERS.filter((value) => value >= min && value <= max), min),
      );
    case 'array': {
      const {
        items = {},
        minItems = 0,
        maxItems = 8,
      } = schema as {
        items?: Schema;
        minItems?: number;
        maxItems?: number;
      };
      const length = Math.max(minItems, Math.min(maxItems, maxItems > 100 ? 8 : maxItems));
      const of = fromSchema(items);
      return fc.array(fc.oneof(of, fc.constantFrom<unknown>(0, false)), {
        minLength: length,
        maxLength: length,
      });
    }
    case 'object':
      return 'properties' in schema ? objectOf(schema) : fc.dictionary(names, fromSchema(rest(schema)));
    default:
      return names;
  }
}

const names = fc.constantFrom('Red', 'Far UV', 'UV', '365', '455', 'sample 1', 'latest');

function rest({ additionalProperties }: Schema): Schema {
  return typeof additionalProperties === 'object' ? (additionalProperties as Schema) : { type: 'number' };
}

function objectOf(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
  const { properties, required = [] } = schema as {
    properties: Record<string, Schema>;
    required?: string[];
  };
  return fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, inner]) => [
        name,
        fc.oneof(
          { weight: 15, arbitrary: BY_NAME[name] ?? fromSchema(inner) },
          { weight: 1, arbitrary: SLOW_OR_ASKED.has(name) ? fc.constant(0) : hostile },
        ),
      ]),
    ),
    // wait_s has a default that would make the test wait.
    { requiredKeys: [...required, ...('wait_s' in properties ? ['wait_s'] : [])] },
  );
}

const acting = tools.filter(({ kind }) => kind !== 'read');
const looking = tools.filter(({ name }) => /get_settings|get_test_status|instrument_status/.test(name));
const weights: Readonly<Record<string, number>> = {
  main_start_routine: 8,
  routine_start_measurement: 8,
  routine_apply_settings: 6,
  led_set_values: 3,
  mux_set_status: 3,
  safe_shutdown: 1,
};

export const calls: fc.Arbitrary<GeneratedCall> = fc.oneof(
  ...[...acting, ...looking].map(({ name, input }) => {
    const schema = z.toJSONSchema(input, { io: 'input' }) as Schema;
    return {
      weight: weights[name] ?? 2,
      arbitrary: objectOf(schema).map((args): GeneratedCall => ({ tool: name, args })),
    };
  }),
);
