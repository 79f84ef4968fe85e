import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assessEnvelope,
  assessLaser,
  assessLeds,
  assessOutput,
  assessProbeCurrent,
  assessTemperature,
  type Finding,
} from '../../../src/safety/limits/assess.ts';
import type { Limits } from '../../../src/safety/limits/limits-file.ts';
import { envelope, levels, limits } from './exposed.ts';

describe('tighter limits', () => {
  const value = fc.double({ min: -5, max: 5, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const case_ = fc.record({
    volts: fc.array(value),
    amperes: fc.array(share),
    light: fc.array(share),
    seconds: fc.nat(1e5),
  });
  const scaled = (by: number): object => ({
    voltage_v: { soft: [-2 * by, 2 * by], hard: [-4 * by, 4 * by] },
    temperature_c: { soft: [25 - 30 * by, 25 + 30 * by], hard: [25 - 50 * by, 25 + 50 * by] },
    ...Object.fromEntries(
      ['current_a', 'led_level', 'uv_level', 'probe_current_a'].map((name) => [
        name,
        { soft: by / 2, hard: by },
      ]),
    ),
    ...Object.fromEntries(
      ['laser_percent', 'laser_duty_percent', 'temperature_step_c'].map((name) => [
        name,
        { soft: 50 * by, hard: 90 * by },
      ]),
    ),
    duration_s: { soft: 1e4 * by, hard: 1e5 * by },
  });

  it('never give fewer findings, nor softer ones', () => {
    fc.assert(
      fc.property(
        case_,
        fc.array(share, { maxLength: 12 }),
        value,
        share,
        share,
        (of, leds, output, a, b) => {
          const [tight, wide] = [Math.min(a, b), Math.max(a, b)].map((by) =>
            limits({ ...scaled(by), by_routine: {} }),
          );
          const found = (within: Limits | undefined): Finding[] =>
            within === undefined
              ? []
              : [
                  ...assessEnvelope(envelope(of), within),
                  ...assessLeds(leds, within),
                  ...assessOutput(output, undefined, within),
                  ...assessTemperature(25 + 20 * output, 25, within),
                  ...assessLaser({ channel: 1, intensity: Math.abs(20 * output) }, within),
                  ...assessProbeCurrent(output / 5, within),
                ];
          expect(found(tight).length).toBeGreaterThanOrEqual(found(wide).length);
          const hard = (within: Limits | undefined) =>
            found(within).filter(({ level }) => level === 'hard').length;
          expect(hard(tight)).toBeGreaterThanOrEqual(hard(wide));
        },
      ),
    );
  });

  it('let pass whatever takes energy out', () => {
    const none = limits(scaled(0));
    const off = [
      assessEnvelope(envelope({ volts: [0], amperes: [0], light: [0], seconds: 0 }), none),
      assessLeds(levels({}), none),
      assessLaser({ channel: 1, intensity: 0 }, none),
      assessLaser({ enabled: false }, none),
      assessLaser({ port_id: 7, laser: false }, none),
      assessOutput(0, undefined, none),
      assessProbeCurrent(0, none),
    ];
    expect(off.flat()).toEqual([]);
  });
});
