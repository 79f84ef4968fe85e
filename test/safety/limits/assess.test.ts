import { describe, expect, it } from 'vitest';
import { SUN_LEVELS } from '../../../src/instrument/commands/led.ts';
import {
  assessCommandAllowed,
  assessEnvelope,
  assessLaser,
  assessLeds,
  assessOutput,
  assessProbeCurrent,
  assessRoutineAllowed,
  assessTemperature,
  type Finding,
} from '../../../src/safety/limits/assess.ts';
import { envelope, levels, limits, standard } from './exposed.ts';

const brief = (findings: readonly Finding[]): string[] =>
  findings.map(({ level, category, what }) =>
    category === 'limits' ? `${level}: ${what}` : `${level} ${category}: ${what}`,
  );
describe('a measurement', () => {
  it.each<[Parameters<typeof envelope>[0], string[]]>([
    [{}, []],
    [{ volts: [-0.5, 0, 1.4], amperes: [0, 0.1], light: [1], seconds: 14_400 }, []],
    [{ volts: [1.3 + 0.1] }, []],
    [{ volts: [0, 2.5, 1] }, ['soft: Volt 2 is 2.5 V, above the soft limit of 1.4 V']],
    [{ volts: [1.40001] }, ['soft: Volt 1 is 1.40001 V, above the soft limit of 1.4 V']],
    [
      { volts: [-0.6, 3.1] },
      [
        'soft: Volt 1 is -0.6 V, below the soft limit of -0.5 V',
        'hard: Volt 2 is 3.1 V, above the hard limit of 3 V',
      ],
    ],
    [{ volts: [-60] }, ['hard: Volt 1 is -60 V, below the hard limit of -3 V']],
    [{ amperes: [0.05, 0.1500001] }, ['soft: Ampere 2 is 150 mA, above the soft limit of 100 mA']],
    [{ amperes: [2] }, ['hard: Ampere 1 is 2 A, above the hard limit of 1 A']],
    [{ light: [2] }, ['hard: the light of Light 1 is 200 %, above the hard limit of 100 %']],
    [{ seconds: 40_000 }, ['soft: the expected duration is 11.11 h, above the soft limit of 4 h']],
  ])('with %j', (of, findings) => {
    expect(brief(assessEnvelope(envelope(of), standard))).toEqual(findings);
  });
});

describe('LEDs', () => {
  it.each<[number[], string[]]>([
    [levels({}), []],
    [[...SUN_LEVELS], []],
    [levels({ 0: 1, 11: 1, 2: 0.15, 3: 0.15 }), []],
    [levels({ 2: 0.2 }), ['soft uv: the level of Far UV is 0.2, above the soft limit of 0.15']],
    [levels({ 3: 0.6 }), ['hard uv: the level of UV is 0.6, above the hard limit of 0.5']],
    [levels({ 4: 1.1 }), ['hard: the level of Deep Blue is 1.1, above the hard limit of 1']],
    [
      levels({ 5: Number.NaN }),
      ['hard: the level of Green is not a number, so that no limit can be checked'],
    ],
  ])('at %j', (values, findings) => {
    expect(brief(assessLeds(values, standard))).toEqual(findings);
  });

  it('are held to the level of all channels in the UV as well', () => {
    const dim = limits({ led_level: { soft: 0.1, hard: 0.3 } });
    expect(assessLeds(levels({ 2: 0.2, 7: 0.4 }), dim)).toMatchObject([
      { level: 'soft', category: 'limits' },
      { level: 'soft', category: 'uv' },
      { level: 'hard', category: 'limits' },
    ]);
  });
});

describe('a temperature', () => {
  it.each<[number, number | undefined, string[]]>([
    [25, 25, []],
    [70, 25, []],
    [10, 25, []],
    [75, 40, ['soft: the target temperature is 75 °C, above the soft limit of 70 °C']],
    [-6, 25, ['hard: the target temperature is -6 °C, below the hard limit of -5 °C']],
    [65, 15.3, ['soft: the step from 15.3 to 65 °C is 49.7 °C, above the soft limit of 45 °C']],
    [20, 70, ['soft: the step from 70 to 20 °C is 50 °C, above the soft limit of 45 °C']],
    [
      30,
      undefined,
      [
        'soft: the present temperature is not known, so that the step to 30 °C cannot be held against the soft limit of 45 °C',
      ],
    ],
  ])('of %s from %s', (target, present, findings) => {
    expect(brief(assessTemperature(target, present, standard))).toEqual(findings);
  });

  it('that is not a number is refused', () => {
    expect(assessTemperature(Number.NaN, 25, standard).map(({ level }) => level)).toContain('hard');
  });
});

describe('a laser', () => {
  const strict = limits({
    laser_percent: { soft: 20, hard: 50 },
    laser_duty_percent: { soft: 10, hard: 40 },
  });
  it.each<[Record<string, unknown>, string[]]>([
    [{ channel: 1, intensity: 0 }, []],
    [{ enabled: false }, []],
    [{ laser: false, port_id: 7 }, []],
    [{ channel: 1, intensity: 20, frequency: 1e4 }, []],
    [{ channel: 1, duty_cycle: 10 }, []],
    [{ channel: 1, intensity: 30 }, ['soft: the laser intensity is 30 %, above the soft limit of 20 %']],
    [{ channel: 1, intensity: 51 }, ['hard: the laser intensity is 51 %, above the hard limit of 50 %']],
    [{ channel: 1, duty_cycle: 15 }, ['soft: the laser duty cycle is 15 %, above the soft limit of 10 %']],
    [
      { channel: 1, duty_cycle: 0 },
      ['hard: the laser duty cycle, 0 taken as full power, is 100 %, above the hard limit of 40 %'],
    ],
    [{ enabled: true }, ['hard: the laser intensity is 100 %, above the hard limit of 50 %']],
    [{ laser: true }, ['hard: the laser intensity is 100 %, above the hard limit of 50 %']],
  ])('set to %j', (parameter, findings) => {
    expect(brief(assessLaser(parameter, strict))).toEqual(findings);
    expect(assessLaser(parameter, standard)).toEqual([]);
  });

  it.each([
    {},
    { channel: 1 },
    { power: 3 },
    { intensity: 0, Duty_Cycle: 50 },
    { intensity: '0' },
    { duty_cycle: null },
    { enabled: 'false' },
    { laser: 0 },
    { enabled: false, intensity: 60 },
    { intensity: 0, duty_cycle: 0 },
  ])('set to %j is refused where full power is', (parameter) => {
    expect(assessLaser(parameter, strict).map(({ level }) => level)).toContain('hard');
  });
});

describe('outputs', () => {
  it.each<[number, 'voltage' | 'current' | undefined, string[]]>([
    [0, undefined, []],
    [0.1, 'voltage', []],
    [1.1, 'voltage', []],
    [-2, 'voltage', ['soft: the output is -2 V, below the soft limit of -0.5 V']],
    [0.01, 'current', []],
    [-0.5, 'current', ['soft: the output is 500 mA, above the soft limit of 100 mA']],
    [0.1, undefined, []],
    [1.1, undefined, ['hard: the output, in V or A, is 1.1 A, above the hard limit of 1 A']],
    [
      4,
      undefined,
      [
        'hard: the output, in V or A, is 4 V, above the hard limit of 3 V',
        'hard: the output, in V or A, is 4 A, above the hard limit of 1 A',
      ],
    ],
  ])('of %s in mode %s', (output, mode, findings) => {
    expect(brief(assessOutput(output, mode, standard))).toEqual(findings);
  });

  it.each<[number, string[]]>([
    [0, []],
    [1e-7, []],
    [0.01, []],
    [0.02, ['soft: the probe current is 20 mA, above the soft limit of 10 mA']],
    [-0.2, ['hard: the probe current is 200 mA, above the hard limit of 100 mA']],
  ])('of %s A through the probe', (amperes, findings) => {
    expect(brief(assessProbeCurrent(amperes, standard))).toEqual(findings);
  });
});

describe('routines and commands', () => {
  it('pass where nothing is said', () => {
    for (const routine of ['JV', 'Transistor', ''])
      expect(assessRoutineAllowed(routine, standard)).toEqual([]);
    expect(assessCommandAllowed('ROUTINE.SetLaser', standard)).toEqual([]);
  });

  it('are refused where they are denied, by any name', () => {
    const some = limits({
      routines: { deny: ['EQE', 'Transistor'] },
      commands: { deny: ['ROUTINE.SetLaser'] },
    });
    for (const routine of ['IPCE', 'qe', 'transistor'])
      expect(assessRoutineAllowed(routine, some)).toMatchObject([{ level: 'hard' }]);
    expect(assessRoutineAllowed('JV', some)).toEqual([]);
    expect(brief(assessCommandAllowed('ROUTINE.SetLaser', some))).toEqual([
      'hard: the limits deny the command "ROUTINE.SetLaser"',
    ]);
    expect(assessCommandAllowed('ROUTINE.setlaser', some)).toHaveLength(1);
  });

  it('are refused where only others are allowed', () => {
    const some = limits({ routines: { allow: ['JV', 'CELIV'] } });
    expect(assessRoutineAllowed('Photo-CELIV', some)).toEqual([]);
    expect(brief(assessRoutineAllowed('MPPT', some))).toEqual([
      'hard: the routine "MPPT" is not among those that the limits allow: "JV", "CELIV"',
    ]);
    expect(assessRoutineAllowed('JV', limits({ routines: { allow: [] } }))).toHaveLength(1);
  });
});
