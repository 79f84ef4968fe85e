import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessEnvelope, type Finding } from '../../../src/safety/limits/assess.ts';
import { limitsFor } from '../../../src/safety/limits/limits-file.ts';
import type { SettingsReading } from '../../../src/safety/limits/read-settings.ts';
import { openingSettings } from '../../helpers/opening-settings.ts';
import { changed, documented, leaves, type Path, type Settings } from './settings.ts';
import { loadLimits, readSettings, routines } from '../../helpers/all-in-one.ts';

const DIALECTS = ['newest', 'oldest'] as const;
const presets = [
  ...documented,
  ...DIALECTS.flatMap((dialect) =>
    routines.map(({ name: routine }) => ({
      name: `${routine}, ${dialect}`,
      routine,
      settings: openingSettings(routine, dialect),
    })),
  ),
];

const sure = (list: SettingsReading['voltages']): number[] =>
  list.flatMap(({ value, guess }) => (guess === true ? [] : [value]));
const most = (list: SettingsReading['voltages']): number => Math.max(0, ...sure(list));
const least = (list: SettingsReading['voltages']): number => Math.min(0, ...sure(list));
const understood = (routine: string, settings: unknown): SettingsReading => {
  const reading = readSettings(routine, settings);
  expect([reading.unclear, reading.faults], `${routine}: not understood`).toEqual([[], []]);
  return reading;
};
const isUnclear = (routine: string, settings: unknown): boolean =>
  readSettings(routine, settings).unclear.length > 0;
const at = (settings: unknown, path: Path): unknown =>
  path.reduce<unknown>((node, key) => (node as Settings)[key], settings);
const jv = (path: string, value: unknown): Settings =>
  changed(openingSettings('JV', 'newest'), path.split('/'), value) as Settings;

describe('presets', () => {
  const driven = presets.filter(({ routine }) => routine !== 'Pulsed EL');

  it.each(driven)('of $name pass every profile without a question', ({ routine, settings }) => {
    const envelope = understood(routine, settings);
    for (const name of ['single_junction', 'tandem', 'module']) {
      const { limits: profile } = loadLimits(undefined, name);
      expect(assessEnvelope(envelope, limitsFor({ profile, routine, device: 'x' })), name).toEqual([]);
    }
  });

  it.each(presets)('of $name read the same in the wrapping of older software', ({ routine, settings }) => {
    expect(readSettings(routine, { settings })).toEqual(readSettings(routine, settings));
  });

  it('of Pulsed EL, 5 V, are refused for a single junction', () => {
    const { limits: profile } = loadLimits(undefined);
    const findings = assessEnvelope(
      understood('Pulsed EL', openingSettings('Pulsed EL', 'newest')),
      limitsFor({ profile, routine: 'Pulsed EL', device: undefined }),
    );
    expect(findings).toSatisfy(
      (all: Finding[]) =>
        all.length > 0 && all.every(({ level, what }) => level === 'hard' && what.includes('5 V')),
    );
  });
});

describe('what a sample is exposed to', () => {
  const voltages = documented.flatMap(({ name, routine, settings, electrical }) =>
    electrical.map(({ path, unit }) => ({ name, routine, settings, path, unit })),
  );

  it.each(voltages)('shows $path of $name', ({ routine, settings, path, unit }) => {
    const before = understood(routine, settings);
    fc.assert(
      fc.property(fc.double({ min: 7, max: 1e4, noNaN: true }), fc.boolean(), (size, negative) => {
        const value = negative ? -size : size;
        const { voltages: volts, currents } = readSettings(routine, changed(settings, path, value));
        const shown = (unit === 'A' ? currents : volts).map((one) => one.value);
        expect(shown).toContain(unit === 'A' ? size : value);
      }),
      { numRuns: 20 },
    );
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e3, noNaN: true }), (factor) => {
        const after = readSettings(routine, changed(settings, path, Number(at(settings, path)) * factor));
        expect(most(after.voltages)).toBeGreaterThanOrEqual(most(before.voltages));
        expect(least(after.voltages)).toBeLessThanOrEqual(least(before.voltages));
        expect(most(after.currents)).toBeGreaterThanOrEqual(most(before.currents));
        expect(most(after.light)).toBe(most(before.light));
      }),
      { numRuns: 20 },
    );
    // A value that is a little larger is still understood: strictness is not what makes the test pass.
    expect(isUnclear(routine, changed(settings, path, Number(at(settings, path)) * 1.01))).toBe(false);
  });

  it.each(voltages)('is read from text at $path of $name', ({ routine, settings, path, unit }) => {
    const spellings = [
      '25',
      ' 25',
      '25.0',
      '2,5e1',
      '2.5E+1',
      '+25',
      '0x19',
      '２５',
      `25 ${unit}`,
      `25${unit}`,
      `25 ${unit}olt`,
    ];
    for (const text of spellings.filter((one) => unit === 'V' || !one.includes('olt'))) {
      const { voltages: volts, currents } = readSettings(routine, changed(settings, path, text));
      expect(sure(unit === 'A' ? currents : volts), text).toContain(25);
    }
  });

  it.each(voltages)(
    'counts although it is unclear at $path of $name',
    ({ routine, settings, path, unit }) => {
      const values = [
        [25],
        { value: 25, unit: 'K' },
        { output: 25 },
        `25 ${unit} at most`,
        `0 to 25 ${unit}`,
      ];
      for (const value of values) {
        const reading = readSettings(routine, changed(settings, path, value));
        const shown = (unit === 'A' ? reading.currents : reading.voltages).map((one) => one.value);
        expect(shown, JSON.stringify(value)).toContain(25);
        expect(reading.unclear, JSON.stringify(value)).not.toEqual([]);
      }
      const endless = readSettings(routine, changed(settings, path, Infinity));
      expect((unit === 'A' ? endless.currents : endless.voltages).map((one) => one.value)).toContain(
        Infinity,
      );
    },
  );

  it.each(voltages)('is not known where $path of $name is not a number', ({ routine, settings, path }) => {
    for (const wrong of ['x', '', 'NaN', Number.NaN, null, true, [1], { value: 1, unit: 'K' }])
      expect(isUnclear(routine, changed(settings, path, wrong)), JSON.stringify(wrong)).toBe(true);
  });

  it.each(presets.filter(({ settings }) => Object.keys(settings).length > 0))(
    'of $name is not known beside members that may be electrical',
    ({ routine, settings }) => {
      const groups = [[], ...leaves(settings).map(({ path }) => path.slice(0, -1))].filter(
        (path) => !path.includes('sweep_settings') && !Array.isArray(at(settings, path)),
      );
      const strange: [string, unknown][] = [
        ['Bias', 3],
        ['end (v)', 3],
        ['voltage_end', 3],
        ['maxCurrent', 0.9],
        ['Something', 3],
        ['Output', { value: 3, unit: 'S' }],
        ['Second source', '3 V'],
        ['Mode 2', 'Constant Current'],
        ['Pulse', { Amplitude: 3 }],
        ['Bias 2', { Steps: 3 }],
        ['Offset 2', { Total: 3 }],
        ['List', [1, 2, 3]],
      ];
      for (const path of groups) {
        for (const [key, value] of strange) {
          const place = [...path, key];
          const {
            unclear,
            voltages: volts,
            currents,
          } = readSettings(routine, changed(settings, place, value));
          const isJudged = [...volts, ...currents].some((one) => [3, 0.9].includes(one.value));
          expect(unclear.length > 0 || isJudged, place.join(' › ')).toBe(true);
        }
      }
    },
  );

  it.each(presets.filter(({ settings }) => Object.keys(settings).length > 0))(
    'of $name is known beside members that are harmless',
    ({ routine, settings }) => {
      const more = { ...settings, Comment: 'new', 'Settle time (s)': 2, Averages: 3, Beep: false };
      expect(readSettings(routine, more)).toEqual(readSettings(routine, settings));
    },
  );

  it.each(documented)(
    'of $name is not known without one of its voltages',
    ({ routine, settings, electrical }) => {
      for (const { path } of electrical.filter(({ unit }) => unit === 'V')) {
        const parent = { ...(at(settings, path.slice(0, -1)) as Settings) };
        delete parent[String(path.at(-1))];
        const unclear = isUnclear(routine, changed(settings, path.slice(0, -1), parent));
        // The only one that may be missing: it limits what is nothing at open and at short circuit.
        expect(unclear, path.join(' › ')).toBe(path.at(-1) !== 'Voltage Compliance');
      }
    },
  );

  it('is not known of routines or settings that are not', () => {
    for (const routine of ['Transistor', '', 'constructor']) expect(isUnclear(routine, {})).toBe(true);
    for (const settings of [undefined, null, [], 'x', 7, { settings: [] }])
      expect(readSettings('JV', settings)).toMatchObject({ isEmpty: true });
    for (const routine of ['MPPT', 'Pulsed EL', 'PLQY', 'JV', 'Impedance'])
      expect(isUnclear(routine, {}), routine).toBe(true);
    expect(isUnclear('MPPT', { 'Duration (s)': 3 })).toBe(true);
  });
});

describe('of JV', () => {
  it('a scan goes past Voc by Exceed Voc, with Auto Voc', () => {
    const exceed = jv('scan_settings/scan/Exceed Voc (%)', 50);
    expect(most(understood('JV', exceed).voltages)).toBeCloseTo(1.8, 9);
    const fixed = changed(exceed, ['scan_settings', 'scan', 'Auto Voc'], false);
    expect(most(understood('JV', fixed).voltages)).toBe(1.2);
  });

  it('the hold counts', () => {
    expect(least(understood('JV', jv('precondition/Hold Voltage (V)', -1)).voltages)).toBe(-1);
  });

  it('light counts where there is a source', () => {
    expect(understood('JV', openingSettings('JV', 'newest')).light).toEqual([]);
    expect(most(understood('JV', jv('light/Source', '12 LED')).light)).toBe(1);
  });

  it('the expected duration counts the runs of a sweep', () => {
    const rows = [{ Type: 'Light', Enable: true, Start: 0, End: 100, Step: 50 }];
    const once = understood('JV', openingSettings('JV', 'newest')).seconds ?? 0;
    expect(once).toBeCloseTo(15.2, 6);
    expect(understood('JV', jv('sweep_settings', rows)).seconds).toBeCloseTo(3 * once, 6);
  });

  const row = { Type: 'Light', Enable: true, Start: 0, End: 100, Step: 50 };
  it.each([
    [[row], true],
    [[{ ...row, Type: 'Scan Rate', End: 0.3 }], true],
    [[{ ...row, Comment: 'x' }], true],
    [[{ ...row, Type: 'Voltage' }], false],
    [[{ ...row, Type: 'Light Bias' }], false],
    [[{ ...row, Start: '0' }], true],
    [[{ ...row, Start: 'x' }], false],
    [[{ ...row, 'Hold (V)': 3 }], true],
    [[{ ...row, Hold: 3 }], false],
    [[row, 'x'], false],
    [[[row]], false],
    ['none', false],
    [{ 0: row }, false],
  ])('sweep rows %j are understood: %s', (rows, known) => {
    expect(isUnclear('JV', jv('sweep_settings', rows))).toBe(!known);
  });

  it('swept light counts', () => {
    const rows = [{ ...row, End: 300 }];
    const swept = changed(jv('sweep_settings', rows), ['light', 'Source'], '12 LED');
    expect(most(understood('JV', swept).light)).toBe(3);
  });
});

describe('of other routines', () => {
  const of = (
    routine: string,
    path: Path,
    value: unknown,
    dialect: 'newest' | 'oldest' = 'newest',
  ): unknown => changed(openingSettings(routine, dialect), path, value);

  it('Impedance swings around its offsets', () => {
    const settings = changed(
      of('Impedance', ['config', 'offset', 'Offset (V)'], 1.2),
      ['config', 'frequency', 'Offset (V)'],
      0.3,
    );
    expect(most(understood('Impedance', settings).voltages)).toBeCloseTo(1.6, 9);
    const old = changed(of('Impedance', ['Offset', 'Stop'], -1.2, 'oldest'), ['Freq', 'Offset'], -0.3);
    expect(least(understood('Impedance', old).voltages)).toBeCloseTo(-1.6, 9);
  });

  it('Impedance at Voc is known for small sines only', () => {
    const voc = of('Impedance', ['config', 'offset', 'mode'], 'Voc');
    expect(isUnclear('Impedance', voc)).toBe(false);
    expect(isUnclear('Impedance', changed(voc, ['config', 'frequency', 'Amplitude (V)'], 0.2))).toBe(true);
    expect(isUnclear('Impedance', of('Impedance', ['config', 'offset', 'mode'], 'Ramp'))).toBe(true);
    expect(isUnclear('Impedance', of('Impedance', ['config', 'light', 'mode'], 'Fixed'))).toBe(true);
  });

  it('Connection Test reaches its voltage limit with constant current', () => {
    const { voltages } = understood(
      'Connection Test',
      of('Connection Test', ['Device_General', 'Mode'], 'Constant Current'),
    );
    expect([least(voltages), most(voltages)]).toEqual([-6, 6]);
    expect(isUnclear('Connection Test', of('Connection Test', ['Device_General', 'Mode'], 'Pulse'))).toBe(
      true,
    );
  });

  it('Dark JV is known for constant voltage only', () => {
    expect(isUnclear('Dark JV', of('Dark JV', ['device', 'general', 'mode'], 'Constant Current'))).toBe(true);
  });

  it('currents count in their unit', () => {
    const range = ['instrument', 'config', 'range'];
    const milli = understood('Photo-CELIV', of('Photo-CELIV', range, { value: 50, unit: 'mA' }));
    expect(most(milli.currents)).toBeCloseTo(0.05, 12);
    expect(isUnclear('Photo-CELIV', of('Photo-CELIV', range, { value: 50, unit: 'V' }))).toBe(true);
    const ipce = understood('IPCE', of('IPCE', ['device', 'configuration', 'Current Range'], 6));
    expect(most(ipce.currents)).toBe(1);
  });

  it('MPPT is read by the units in its names', () => {
    expect(most(understood('MPPT', of('MPPT', ['scan', 'Max (V)'], 9)).voltages)).toBe(9);
    expect(most(understood('MPPT', { scan: { 'Limit (mV)': 2500 }, 'Track duration (s)': 5 }).voltages)).toBe(
      2.5,
    );
    expect(most(understood('MPPT', of('MPPT', ['scan', 'Max (V)'], '9')).voltages)).toBe(9);
    expect(isUnclear('MPPT', of('MPPT', ['scan', 'Top'], 9))).toBe(true);
  });
});
