import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/science/dataset.ts';
import {
  analyseContact,
  contactVerdict,
  type Verdict,
} from '../../../src/science/metrics/connection-test.ts';

const LIMITS = { currentLimit: 0.01, voltageLimit: 6 };

/** A cell of 0.1 cm²: photocurrent, diode (n = 1.5, 1e-12 A) and 500 kΩ, behind a contact resistance; A, generating positive. */
function cell(volts: number, photocurrent: number, contact = 0): number {
  const inner = (i: number) => {
    const v = volts + i * (40 + contact);
    return photocurrent - 1e-12 * Math.expm1(v / 0.0385) - v / 5e5 - i;
  };
  let [low, high] = [-0.5, 0.5];
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2;
    if (inner(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}
const [LIT, DARK] = [2.2e-3, 0];
const verdict = (...points: [number, number][]): Verdict['contact'] => contactVerdict(points, LIMITS).contact;
const swept = (voltages: number[], light: number, contact = 0) =>
  verdict(...voltages.map((v): [number, number] => [v, cell(v, light, contact)]));

describe('the contact', () => {
  it('is told from one point where a cell conducts', () => {
    expect([swept([1.2], DARK), swept([1.2], LIT)]).toEqual(['good', 'good']);
    expect([swept([1.2], DARK, 5000), swept([1.2], LIT, 5000)]).toEqual([
      'high resistance',
      'high resistance',
    ]);
    expect(verdict([1.2, 3e-10])).toBe('open');
    // 2 Ω at the current limit: 1.2 V were asked for, 20 mV come.
    expect(verdict([0.02, -0.01])).toBe('short');
  });

  it('is told from one small voltage only if it is open or shorted', () => {
    expect([swept([0.1], DARK), swept([0.1], LIT), swept([0.1], LIT, 5000)]).toEqual(
      Array.from({ length: 3 }, () => 'undetermined'),
    );
    expect([verdict([0.1, 5e-10]), verdict([0.019, -0.01]), verdict([0.1, -0.0099])]).toEqual([
      'open',
      'short',
      'short',
    ]);
    expect(contactVerdict([[0.1, 5e-10]], LIMITS).reason).toContain('looks the same in the dark');
  });

  it('is told from a few points around open circuit', () => {
    const voltages = [-0.1, 0.1, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95];
    expect([swept(voltages, LIT), swept(voltages, LIT, 5000)]).toEqual(['good', 'high resistance']);
    expect(verdict([0.005, 0.0002], [0.05, -0.02], [0.1, -0.045])).toBe('short');
  });

  it('is not called a short for a large cell that conducts well', () => {
    // 10 Ω around Voc, as a cell of some cm² has.
    expect(verdict([0.95, 4e-3], [1, -1e-3], [1.04, -5e-3])).toBe('good');
  });

  it('is undetermined where nothing can be said', () => {
    // A source at 0 V sees the photocurrent of a good cell as well as of a shorted one.
    expect(contactVerdict([[0.001, 2.2e-3]], LIMITS)).toMatchObject({
      contact: 'undetermined',
      reason: expect.stringContaining('a short and a cell in the light'),
    });
    expect(verdict([-5.99, 1.2e-5])).toBe('undetermined');
    expect(verdict()).toBe('undetermined');
  });

  it('is a metric, and a warning unless it is good', () => {
    const dataset = (volts: number | null, amperes: number | null): Dataset => ({
      routine: 'Connection Test',
      info: {},
      scans: [
        {
          label: 'latest point',
          conditions: {},
          reported: {},
          columns: [
            { name: 'Voltage', unit: 'V', values: [volts] },
            { name: 'Current', unit: 'A', values: [amperes] },
          ],
        },
      ],
      notes: [],
    });
    const of = (...point: [number | null, number | null]) => analyseContact(dataset(...point), LIMITS);
    expect(of(1.2, -2e-3)).toMatchObject({
      metrics: [
        { name: 'contact_ok', value: 1 },
        { name: 'apparent_resistance', value: 600, unit: 'Ω' },
      ],
      warnings: [],
    });
    expect(of(1.2, 0)).toMatchObject({
      metrics: [{ value: 0 }, { value: null }],
      warnings: [expect.stringMatching(/^contact open: no current at 1.200 V$/)],
    });
    expect(of(null, null).metrics[0]).toMatchObject({ value: null });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.double())), (points) => {
        expect(contactVerdict(points, { currentLimit: undefined, voltageLimit: undefined }).reason).not.toBe(
          '',
        );
      }),
    );
  });
});
