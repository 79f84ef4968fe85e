import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ConfigurationError } from '../../../src/errors.ts';
import { matchesGlob } from '../../../src/safety/limits/glob.ts';
import { type Limits, limitsFor } from '../../../src/safety/limits/limits-file.ts';
import { allInOne } from '../../../src/instrument/all-in-one.ts';
import { limitsJsonSchema } from '../../../src/safety/limits/limits-schema.ts';
import { loadLimits } from '../../helpers/all-in-one.ts';

const root = new URL('../../../', import.meta.url);

function limits(file: unknown, about: { profile?: string; routine?: string; device?: string } = {}): Limits {
  const text = file === undefined ? undefined : JSON.stringify(file);
  const { limits: profile } = loadLimits(text, about.profile);
  return limitsFor({ profile, routine: about.routine, device: about.device });
}

function refusal(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigurationError) return `${error.message} ${error.hint}`;
    throw error;
  }
  return 'not refused';
}

const voltage = (of: Limits): unknown => of.values.voltage_v;
const narrow = { soft: [-0.1, 1], hard: [-0.2, 1.2] };

describe('a limits file', () => {
  it('is not needed', () => {
    expect(voltage(limits(undefined))).toEqual({ soft: [-0.5, 1.4], hard: [-3, 3] });
    expect(voltage(limits(undefined, { profile: 'tandem' }))).toEqual({ soft: [-0.5, 2.4], hard: [-5, 5] });
    expect(voltage(limits(undefined, { profile: 'module' }))).toEqual({ soft: [-2, 20], hard: [-60, 60] });
    expect(limits({})).toEqual(limits(undefined));
  });

  it('may begin with a byte order mark', () => {
    expect(loadLimits('\uFEFF{}', 'module')).toEqual(loadLimits(undefined, 'module'));
  });

  it('changes what it names and leaves the rest', () => {
    const { values } = limits({ profiles: { single_junction: { voltage_v: { soft: [-0.1, 1] } } } });
    expect(values).toEqual({
      ...limits(undefined).values,
      voltage_v: { soft: [-0.1, 1], hard: [-3, 3] },
    });
    expect(limits({ profiles: { tandem: { voltage_v: narrow } } })).toEqual(limits(undefined));
  });

  it('defines further profiles, like single_junction as it is in the file', () => {
    const file = { profiles: { single_junction: { led_level: { soft: 0.5 } }, mine: { voltage_v: narrow } } };
    const { values } = limits(file, { profile: 'mine' });
    expect(values.voltage_v).toEqual(narrow);
    expect(values.led_level).toEqual({ soft: 0.5, hard: 1 });
  });

  it('has values for single routines, under any of their names', () => {
    const file = { profiles: { single_junction: { by_routine: { EQE: { voltage_v: { soft: [-1, 1] } } } } } };
    expect(voltage(limits(file, { routine: 'ipce' }))).toEqual({ soft: [-1, 1], hard: [-3, 3] });
    expect(voltage(limits(file, { routine: 'JV' }))).toEqual({ soft: [-0.5, 1.4], hard: [-3, 3] });
  });

  it('gives no exception for a routine that it does not name', () => {
    expect(voltage(limits(undefined, { routine: 'CELIV' }))).toEqual({ soft: [-1, 1.4], hard: [-3, 3] });
    const file = { profiles: { single_junction: { voltage_v: narrow } } };
    for (const routine of ['Photo-CELIV', 'Resistivity'])
      expect(voltage(limits(file, { routine }))).toEqual(narrow);
  });

  it('adds what is denied, and takes the last of what is allowed', () => {
    const file = {
      profiles: {
        single_junction: {
          routines: { deny: ['TCSPC'], allow: ['JV', 'IPCE'] },
          commands: { deny: ['ROUTINE.SetLaser'] },
        },
      },
      devices: [
        {
          pattern: 'a*',
          limits: { routines: { deny: ['MPPT'], allow: ['JV'] }, commands: { deny: ['MUX.SetStatus'] } },
        },
      ],
    };
    expect(limits(file, { device: 'A1' })).toMatchObject({
      deniedRoutines: ['TCSPC', 'MPPT'],
      allowedRoutines: [['JV', 'IPCE'], ['JV']],
      deniedCommands: ['ROUTINE.SetLaser', 'MUX.SetStatus'],
    });
  });

  it.each([
    ['{"profiles": ', undefined, /not JSON/],
    ['[]', undefined, /expected object/],
    ['{"profile": {}}', undefined, /unknown: profile \(is profiles meant\?\); known: .*profiles, devices/],
    [
      '{"profiles": {"tandem": {"voltage": {}}}}',
      undefined,
      /profiles\.tandem: unknown: voltage \(is voltage_v meant\?\); known: voltage_v/,
    ],
    [
      '{"profiles": {"tandem": {"uv_level": {"max": 1}}}}',
      undefined,
      /profiles\.tandem\.uv_level: unknown: max; known: soft, hard/,
    ],
    [
      '{"profiles": {"tandem": {"voltage_v": {"soft": [2, 1]}}}}',
      undefined,
      /tandem\.voltage_v\.soft.*\[lowest, highest\]/,
    ],
    ['{"profiles": {"tandem": {"voltage_v": {"soft": [0.5, 1]}}}}', undefined, /0 V must lie between/],
    [
      '{"profiles": {"tandem": {"voltage_v": {"soft": [-9, 1]}}}}',
      undefined,
      /profiles\.tandem\.voltage_v: soft \[-9,1\] does not lie within hard \[-5,5\]/,
    ],
    [
      '{"profiles": {"tandem": {"uv_level": {"hard": 0.1}}}}',
      undefined,
      /tandem\.uv_level: soft 0\.15 does not lie within hard 0\.1/,
    ],
    [
      '{"profiles": {"tandem": {"current_a": {"soft": "0.1"}}}}',
      undefined,
      /current_a\.soft: .*expected number/,
    ],
    ['{"profiles": {"tandem": {"current_a": {"soft": 1e999}}}}', undefined, /current_a\.soft/],
    [
      '{"profiles": {"tandem": {"by_routine": {"JVV": {}}}}}',
      undefined,
      /by_routine\.JVV: no such routine; known: JV, Dark JV/,
    ],
    [
      '{"profiles": {"tandem": {"by_routine": {"IPCE": {}, "EQE": {}}}}}',
      undefined,
      /by_routine\.EQE: IPCE is named twice/,
    ],
    [
      '{"profiles": {"tandem": {"by_routine": {"JV": {"uv_level": {"soft": 0.9}}}}}}',
      undefined,
      /profiles\.tandem\.by_routine\.JV\.uv_level: soft 0\.9/,
    ],
    [
      '{"profiles": {"tandem": {"commands": {"deny": ["SetLaser"]}}}}',
      undefined,
      /as on the wire, such as ROUTINE\.SetLaser/,
    ],
    [
      '{"devices": [{"pattern": "x", "limits": {"uv_level": {"soft": 1, "hard": 0.5}}}]}',
      undefined,
      /devices\[0\]\.limits\.uv_level: soft 1/,
    ],
    ['{"profiles": {"My cells": {}}}', undefined, /profiles\["My cells"\]: .*small letters/],
    ['{"devices": [{"pattern": "", "limits": {}}]}', undefined, /devices\[0\]\.pattern/],
    ['{"devices": [{"pattern": "x", "limits": {"by_routine": {}}}]}', undefined, /unknown: by_routine/],
    [undefined, 'cell', /no limits profile "cell".*single_junction, tandem, module/],
  ])('%s, profile %s, is refused', (text, profile, message) => {
    expect(refusal(() => loadLimits(text, profile))).toMatch(message);
  });

  it('as the example loads, and shows every value', () => {
    const example = z
      .looseObject({ profiles: z.looseObject({ single_junction: z.looseObject({}) }) })
      .parse(JSON.parse(readFileSync(new URL('limits.example.json', root), 'utf8')));
    const { values } = limits(example);
    expect(Object.keys(example.profiles.single_junction)).toEqual(
      expect.arrayContaining(Object.keys(values)),
    );
    expect(voltage(limits(example, { device: 'Fragile-7' }))).toEqual({
      soft: [-0.1, 1.2],
      hard: [-0.3, 1.4],
    });
  });

  it('is described by the published schema', () => {
    const published = JSON.parse(readFileSync(new URL('docs/limits.schema.json', root), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(limitsJsonSchema(allInOne))));
  });
});

describe('device patterns', () => {
  it.each([
    ['*', 'anything', true],
    ['pero-*', 'PERO-17', true],
    ['pero-??', 'pero-17', true],
    ['pero-??', 'pero-1', false],
    ['*-ref', 'a-ref-b', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['.*', 'abc', false],
    ['[ab]', 'a', false],
    ['É?', 'e\u0301x', true],
    ['?', '🙂', true],
  ])('%s on %s: %s', (pattern, device, fits) => {
    expect(matchesGlob(pattern, device)).toBe(fits);
  });

  it('fit as the same pattern in a regular expression does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (glob, device) => {
        const same = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
        expect(matchesGlob(glob, device)).toBe(same.test(device));
      }),
    );
  });

  it('only ever tighten', () => {
    const up = fc.double({ min: 0, max: 100, noNaN: true });
    const ceiling = fc
      .record({ soft: up, hard: up })
      .map(({ soft, hard }) => ({ soft: Math.min(soft, hard), hard }));
    const window = fc.tuple(ceiling, ceiling).map(([below, over]) => ({
      soft: [-below.soft, over.soft],
      hard: [-below.hard, over.hard],
    }));
    const some = fc.record(
      {
        voltage_v: window,
        temperature_c: window,
        current_a: ceiling,
        led_level: ceiling,
        laser_percent: ceiling,
        duration_s: ceiling,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(some, { maxLength: 3 }),
        fc.constantFrom('JV', 'Resistivity', undefined),
        (given, routine) => {
          const file = { devices: given.map((one) => ({ pattern: '*', limits: one })) };
          const about = routine === undefined ? {} : { routine };
          const base = limits(file, about).values;
          const tight = limits(file, { ...about, device: 'x' }).values;
          for (const [name, was] of Object.entries(base)) {
            const now = Object.entries(tight).find(([key]) => key === name)?.[1] ?? was;
            for (const level of ['soft', 'hard'] as const) {
              expect(contains(was[level], now[level]), `${name} ${level}`).toBe(true);
            }
            expect(contains(now.hard, now.soft), name).toBe(true);
            for (const one of given) {
              const asked = Object.entries(one).find(([key]) => key === name)?.[1];
              if (asked !== undefined) expect(contains(asked.hard, now.hard), name).toBe(true);
            }
          }
        },
      ),
    );
  });
});

type Bound = number | readonly number[];

function contains(outer: Bound, inner: Bound): boolean {
  const [a, b] = [outer, inner].map((bound) => (typeof bound === 'number' ? [0, bound] : bound));
  return (b?.[0] ?? 0) >= (a?.[0] ?? 0) && (b?.[1] ?? 0) <= (a?.[1] ?? 0);
}
