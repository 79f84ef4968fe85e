import { openingSettings } from '../../helpers/opening-settings.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { InputError } from '../../../src/errors.ts';
import { applyArguments, readArgument } from '../../../src/measurement/arguments/apply-arguments.ts';
import {
  argument,
  type ArgumentTable,
  procedureArgument,
  scaled,
  words,
} from '../../../src/measurement/arguments/argument.ts';
import type { Settings } from '../../../src/instrument/settings.ts';
import { measurementKinds } from '../../helpers/all-in-one.ts';

/** The arguments as the settings hold them, for those that have a place. */
function argumentsInForce(settings: Settings, table: ArgumentTable): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, one]) => {
      const held = readArgument(settings, one);
      return held === undefined ? [] : [[name, held.value]];
    }),
  );
}

const NUMBERS = [1, 0.25, 7, 0.001, 350, 0.37, 900, 12];

/** Values that the schema takes, at least two where there are two. */
function valuesOf(schema: z.ZodType): unknown[] {
  const candidates = [...(schema instanceof z.ZodEnum ? schema.options : []), ...NUMBERS, true, false];
  return candidates.filter((value) => schema.safeParse(value).success);
}

/** Arguments that older software has no setting for: it takes them by a command, or not at all. */
const WITHOUT_PLACE: Record<string, string[]> = {
  'oldest measure_transient': ['test'],
  'oldest measure_sheet_resistance': ['v_limit', 'thickness_um', 'length_mm', 'width_mm'],
};

describe.each(['newest', 'oldest'] as const)('arguments on the settings of the %s software', (dialect) => {
  const kinds = measurementKinds.flatMap((kind) =>
    kind.routine === undefined
      ? []
      : [{ tool: kind.tool, table: kind.arguments, routine: kind.routine.name }],
  );

  it.each(kinds)('of $tool come back as they were given', ({ tool, table, routine }) => {
    const settings = openingSettings(routine, dialect);
    const missing: string[] = [];
    for (const [name, { schema, places }] of Object.entries(table)) {
      if (places.length === 0) continue;
      const values = valuesOf(schema);
      expect(values.length, name).toBeGreaterThan(1);
      for (const value of values) {
        try {
          const written = applyArguments(settings, table, { [name]: value }, routine);
          const held = argumentsInForce(written, table)[name];
          if (typeof value === 'number') expect(held, name).toBeCloseTo(value, 9);
          else expect(held, name).toBe(value);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expect(error.message).toContain(`${name} has no place in the settings`);
          if (!missing.includes(name)) missing.push(name);
        }
      }
    }
    expect(missing).toEqual(WITHOUT_PLACE[`${dialect} ${tool}`] ?? []);
  });

  it('of measure_dark_jv go where the spectrometer that they ask for has them', () => {
    const kind = measurementKinds.find(({ tool }) => tool === 'measure_dark_jv');
    const args = { spectra: true, integration_s: 0.3 };
    const written = applyArguments(
      openingSettings('Dark JV', dialect),
      kind?.arguments ?? {},
      args,
      'Dark JV',
    );
    expect(argumentsInForce(written, kind?.arguments ?? {})).toMatchObject(args);
  });
});

describe('applyArguments', () => {
  const table = {
    level: argument(z.number(), '%', ['light', 'Level (%)'], ['Level']),
    size_nm: scaled(z.number(), 'nm', 1e-9, ['size_m']),
    mode: words(z.enum(['fixed', 'voc']), { fixed: 'Fixed', voc: 'At Voc' }, ['mode']),
    wait: procedureArgument(z.number(), { unit: 's', usual: 1 }),
  };

  it('takes the first place that is there', () => {
    const apply = (settings: Settings) => applyArguments(settings, table, { level: 5 }, 'JV');
    expect(apply({ light: { 'Level (%)': 1 }, Level: 1 })).toEqual({ light: { 'Level (%)': 5 }, Level: 1 });
    expect(apply({ level: 1 })).toEqual({ level: 5 });
  });

  it('refuses what has no place, by its name and the names it looked for', () => {
    expect(() => applyArguments({ light: {} }, table, { level: 5 }, 'JV')).toThrow(
      'level has no place in the settings that this instrument has for JV: there is no light › Level (%) or Level',
    );
  });

  it('refuses what contradicts the settings given by their own names, and takes what agrees', () => {
    const settings = { Level: 7, size_m: 1 };
    expect(() => applyArguments(settings, table, { level: 5 }, 'JV', { Level: 7 })).toThrow(
      'level 5 contradicts settings: Level is 7 there',
    );
    expect(applyArguments(settings, table, { level: 7 }, 'JV', { Level: 7 })).toEqual(settings);
  });

  it('writes units and words as the settings hold them, and leaves out what is no setting', () => {
    const settings = { size_m: 0, mode: 'Fixed' };
    const written = applyArguments(settings, table, { size_nm: 350, mode: 'voc', wait: 3 }, 'JV');
    expect(written).toEqual({ size_m: 3.5e-7, mode: 'At Voc' });
    expect(argumentsInForce(written, table)).toEqual({ size_nm: 350, mode: 'voc' });
  });

  it('reads the words of the instrument without regard to case, and those it does not know as they are', () => {
    expect(argumentsInForce({ mode: 'AT VOC' }, table)).toEqual({ mode: 'voc' });
    expect(argumentsInForce({ mode: 'Ramp' }, table)).toEqual({ mode: 'Ramp' });
  });
});
