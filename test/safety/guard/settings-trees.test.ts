import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closesAfterEach } from '../../helpers/open.ts';
import { ok, startStateful } from '../../helpers/stateful-instrument.ts';
import { toolsOn } from '../../helpers/tools.ts';
import { changed, type Documented, documented, type Path, type Settings } from '../limits/settings.ts';
import { limitsOf } from './attempt.ts';
import { beyond, type HardLimits } from './settings-oracle.ts';

const opened = closesAfterEach();
const TIME_LIMIT_MS = 8000;

/** The routines with documented voltages and currents. Resistivity has limits of its own. */
const driven = documented.filter(
  ({ routine, electrical }) => electrical.length > 0 && routine !== 'Resistivity',
);

const amount = fc.oneof(
  fc.double({ min: -40, max: 40, noNaN: true }),
  fc.constantFrom(0, 0.02, 0.5, 1, 1.2, -0.2, 2, 5, 25, -25, 60, 1e9),
);

/** A number in one of the forms in which software may write it. */
const forms: readonly ((value: number, unit: string) => unknown)[] = [
  (value) => value,
  (value) => String(value),
  (value) => ` ${value} `,
  (value) => value.toExponential().replace('.', ','),
  (value, unit) => `${value} ${unit}`,
  (value, unit) => `${value}${unit}`,
  (value, unit) => ({ value, unit }),
  (value) => [value],
  (value, unit) => `${value} ${unit} at most`,
];

type Change = (settings: unknown, of: Documented) => unknown;
const planted: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), amount, fc.constantFrom(...forms))
  .map(([at, value, form]) => (settings, { electrical }) => {
    const { path, unit } = electrical[at % electrical.length] ?? { path: ['x'], unit: 'V' };
    return changed(settings, path, form(value, unit));
  });
const inverted: fc.Arbitrary<Change> = fc.constant((settings) =>
  changed(settings, ['device', 'Inverted'], true),
);

/** Members that cannot be read, at some place. */
const unreadable: fc.Arbitrary<Change> = fc
  .tuple(
    fc.nat(),
    fc.constantFrom(
      'Soak Bias',
      'Order',
      'Something',
      'constructor2',
      '__x',
      'Mode',
      'Type',
      'Illumination',
      '',
    ),
    fc.constantFrom<unknown>(
      0,
      7,
      'text',
      null,
      true,
      {},
      [],
      [[1]],
      { a: { b: 0 } },
      'Constant Voltage',
      1e-3,
    ),
  )
  .map(([depth, name, value]) => (settings, { electrical }) => {
    const path = electrical[depth % electrical.length]?.path ?? [];
    return changed(settings, [...path.slice(0, depth % path.length), name], value);
  });

const respelled: readonly ((name: string) => string)[] = [
  (name) => name.toLowerCase(),
  (name) => name.toUpperCase(),
  (name) => name.replaceAll(' ', '_'),
  (name) => name.replaceAll(' ', ''),
  (name) => name.replaceAll(/ (?!\()/g, '  '),
];

/** The same values, spelled or nested otherwise than documented. */
const elsewhere: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom(...respelled).map(
    (spell): Change =>
      (settings) =>
        renamed(settings, spell),
  ),
  fc.constantFrom('settings', 'config', 'general', 'x').map(
    (name): Change =>
      (settings) => ({ [name]: settings }),
  ),
  fc.nat().map(
    (at): Change =>
      (settings, { electrical }) =>
        hoisted(settings, electrical[at % electrical.length]?.path ?? []),
  ),
  fc.tuple(fc.nat(), fc.constantFrom('group', 'electrical', 'more')).map(
    ([at, name]): Change =>
      (settings, { electrical }) =>
        wrapped(settings, electrical[at % electrical.length]?.path ?? [], name),
  ),
);

function renamed(node: unknown, spell: (name: string) => string): unknown {
  if (Array.isArray(node)) return node.map((one) => renamed(one, spell));
  if (typeof node !== 'object' || node === null) return node;
  // The unit in brackets is spelled as documented by every software.
  const name = (key: string): string => key.replace(/^[^(]*/, spell);
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [name(key), renamed(inner, spell)]));
}

const memberAt = (settings: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? (node as Settings)[key] : undefined),
    settings,
  );

function hoisted(settings: unknown, path: Path): unknown {
  const value = memberAt(settings, path);
  return value === undefined ? settings : { ...(settings as Settings), [String(path.at(-1))]: value };
}

function wrapped(settings: unknown, path: Path, name: string): unknown {
  const value = memberAt(settings, path);
  return value === undefined
    ? settings
    : changed(settings, path.slice(0, -1), { [name]: { [String(path.at(-1))]: value } });
}

const trees = fc
  .tuple(
    fc.constantFrom(...driven),
    fc.array(fc.oneof({ weight: 3, arbitrary: planted }, { weight: 1, arbitrary: inverted }), {
      maxLength: 2,
    }),
    fc.array(unreadable, { maxLength: 2 }),
    fc.array(elsewhere, { maxLength: 2 }),
  )
  .map(([of, values, strange, moved]) => ({
    routine: of.routine,
    tree: [...values, ...strange, ...moved].reduce<unknown>(
      (tree, change) => change(tree, of),
      of.settings,
    ) as Settings,
  }));

const hard: fc.Arbitrary<HardLimits> = fc
  .record({
    low: fc.double({ min: 0, max: 10, noNaN: true }),
    high: fc.double({ min: 0, max: 10, noNaN: true }),
    amperes: fc.double({ min: 0, max: 1.5, noNaN: true }),
  })
  .map(({ low, high, amperes }) => ({ volts: [-low, high], amperes }));

function limitSourceOf({ volts, amperes }: HardLimits) {
  const values = {
    voltage_v: { soft: volts, hard: volts },
    current_a: { soft: amperes, hard: amperes },
    duration_s: { soft: 1e9, hard: 1e9 },
  };
  return limitsOf({ profiles: { single_junction: { ...values, by_routine: { 'Photo-CELIV': values } } } });
}

/** An instrument that takes whatever settings it is sent, and reports what is started with which settings. */
async function obedient() {
  const state = { settings: {} as unknown, started: [] as unknown[], applied: [] as unknown[] };
  const instrument = opened(
    await startStateful((name, { parameter }) => {
      if (name === 'ROUTINE.GetSettings') return ok(state.settings);
      if (name === 'ROUTINE.ApplySettings') {
        state.applied.push(parameter);
        state.settings = parameter;
      }
      if (name === 'ROUTINE.StartMeasurement') {
        state.started.push(state.settings);
        return ok();
      }
      return undefined;
    }),
  );
  return { instrument, state };
}

describe('with --confirm never and --allow limits', () => {
  it('no value beyond a hard limit reaches the wire or is measured with, whatever else is in the settings', async () => {
    const { instrument, state } = await obedient();
    let [runs, applied, started, refused] = [0, 0, 0, 0];
    await fc.assert(
      fc.asyncProperty(trees, hard, fc.boolean(), async ({ routine, tree }, limits, byPerson) => {
        const caution = { confirm: 'never', allow: ['limits'], limits: limitSourceOf(limits) } as const;
        const tools = toolsOn(instrument.port, {}, 5000, caution);
        Object.assign(state, { settings: byPerson ? tree : {}, started: [], applied: [] });
        instrument.state.routine = routine;
        try {
          if (!byPerson) await tools.call('routine_apply_settings', { settings: tree });
          await tools.call('routine_start_measurement');
        } finally {
          tools.close();
        }
        const problems = beyond(tree, limits);
        runs += 1;
        applied += state.applied.length;
        started += state.started.length;
        if (problems.length > 0) refused += 1;
        const sent = [...state.applied, ...state.started];
        expect(
          sent.flatMap((settings) => beyond(settings, limits)),
          JSON.stringify(tree),
        ).toEqual([]);
      }),
      { numRuns: 5000, endOnFailure: true, plugins: [fc.interruptAfterTimeLimit(TIME_LIMIT_MS)] },
    );
    // Otherwise everything was refused, or nothing was beyond, and nothing is shown.
    expect(Math.min(applied, started, refused), `${runs} runs`).toBeGreaterThan(3);
  }, 60_000);
});
