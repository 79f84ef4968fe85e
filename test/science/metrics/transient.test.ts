import { describe, expect, it } from 'vitest';
import type { Dataset, Scan } from '../../../src/science/dataset.ts';
import { analyseTransients, type TransientConditions } from '../../../src/science/metrics/transient.ts';
import { noise } from './noise.ts';

const UNKNOWN: TransientConditions = { quantity: undefined, sampleTime: undefined, temperatureC: undefined };
const N = 1000;

/** A record of 1000 samples: base until 100, plateau until 400, then the decay, 1 at sample 400. */
function trace(
  label: string,
  { dt, volts, amperes }: { dt: number; volts: (i: number) => number; amperes: (i: number) => number },
): Scan {
  const at = (f: (i: number) => number): number[] => Array.from({ length: N }, (_, i) => f(i));
  return {
    label,
    conditions: {},
    columns: [
      { name: 'Time', unit: 'µs', values: at((i) => i * dt) },
      { name: 'Voltage', unit: 'V', values: at(volts) },
      { name: 'Current', unit: 'A', values: at(amperes) },
    ],
    reported: {},
  };
}

const pulse = (i: number, decay: (after: number) => number): number =>
  i < 100 ? 0 : i <= 400 ? 1 : decay(i - 400);

function photovoltage(
  label: string,
  {
    tau,
    dt,
    voc,
    step = 0.01,
    sigma = 2e-5,
  }: Record<'tau' | 'dt' | 'voc', number> & {
    step?: number;
    sigma?: number;
  },
): Scan {
  const gauss = noise(11);
  return trace(label, {
    dt,
    volts: (i) => voc + step * pulse(i, (after) => Math.exp((-after * dt) / tau)) + sigma * gauss(),
    amperes: () => 0,
  });
}

function table(name: string, unit: string, values: number[]): Scan {
  return {
    label: 'processed',
    conditions: {},
    columns: [
      { name: 'Voltage', unit: 'V', values: values.map(() => 1) },
      { name, unit, values },
    ],
    reported: {},
  };
}

function analyse(scans: Scan[], conditions: Partial<TransientConditions> = {}) {
  const data: Dataset = { routine: 'TPR', info: {}, scans, notes: [] };
  const { metrics, warnings } = analyseTransients(data, { ...UNKNOWN, ...conditions });
  const of = (name: string) => metrics.filter((metric) => metric.name === name);
  return { warnings, of, value: (name: string) => of(name)[0]?.value ?? Number.NaN };
}

const TPV = { quantity: 'voltage' } as const;
const TPC = { quantity: 'current' } as const;

describe('photovoltage', () => {
  it('decays with the lifetime that made it', () => {
    const { of, value, warnings } = analyse([photovoltage('a', { tau: 5, dt: 0.1, voc: 1.09 })], TPV);
    const [lifetime] = of('lifetime');
    // Noise of 0.2 % of the step on 50 samples per lifetime.
    expect(Math.abs((lifetime?.value ?? 0) - 5)).toBeLessThan(0.02);
    expect(Math.abs((lifetime?.value ?? 0) - 5)).toBeLessThan(4 * (lifetime?.uncertainty ?? 0));
    expect(value('voc')).toBeCloseTo(1.09, 4);
    expect(value('perturbation')).toBeCloseTo(10, 1);
    expect(warnings).toEqual([]);
  });

  it('gives its lifetime downwards as well: with the probes swapped', () => {
    const scan = photovoltage('a', { tau: 5, dt: 0.1, voc: -1.09, step: -0.01 });
    expect(analyse([scan], TPV).value('lifetime')).toBeCloseTo(5, 1);
  });

  it('changes with the voltage by the slope that made it', () => {
    // τ = 5 µs·exp(−16/V·(V − 1.1 V))
    const levels = [1.05, 1.07, 1.09, 1.1].map((voc, i) =>
      photovoltage(`light:${i}`, { tau: 5 * Math.exp(-16 * (voc - 1.1)), dt: 0.1, voc }),
    );
    const { value, warnings } = analyse(levels, TPV);
    // Each lifetime is good to 0.3 %; over 50 mV that is 0.1/V.
    expect(Math.abs(value('lifetime_slope') + 16)).toBeLessThan(0.2);
    expect(warnings).toEqual([]);
  });

  it('that falls like a capacitor through a diode is doubted', () => {
    const levels = [1.05, 1.07, 1.09, 1.1].map((voc, i) =>
      photovoltage(`light:${i}`, { tau: 3 * Math.exp((1.1 - voc) / 0.0385), dt: 0.1, voc }),
    );
    expect(analyse(levels, TPV).warnings).toContainEqual(expect.stringContaining('limited by RC'));
  });

  it('is compared with the instrument, level by level', () => {
    const levels = ['a', 'b'].map((label) => photovoltage(label, { tau: 5, dt: 0.1, voc: 1.09 }));
    const right = analyse([...levels, table('Recombination Time', 's', [5.1e-6, 4.9e-6])]);
    expect(right.of('lifetime').map(({ reported }) => reported)).toEqual([
      expect.closeTo(5.1, 6),
      expect.closeTo(4.9, 6),
    ]);
    expect(right.warnings).toEqual([]);
    const wrong = analyse([...levels, table('Recombination Time', 's', [1e-3, 1e-3])]);
    expect(wrong.warnings).toEqual([expect.stringContaining('the instrument says')]);
    const other = analyse([...levels, table('Recombination Time', 's', [1e-3])]);
    expect(other.of('lifetime')[0]?.reported).toBeUndefined();
  });
});

describe('photocurrent', () => {
  const current = (decay: (after: number) => number, dt = 0.02): Scan => {
    const gauss = noise(5);
    return trace('a', {
      dt,
      volts: () => 0,
      amperes: (i) => 1e-3 + 6e-4 * pulse(i, (after) => decay(after * dt)) + 1e-7 * gauss(),
    });
  };

  it('gives the charge that flowed and the time to 1/e', () => {
    const { value, of, warnings } = analyse([current((t) => Math.exp(-t / 0.6))], TPC);
    // 0.6 mA · 0.6 µs
    expect(value('charge')).toBeCloseTo(0.36, 2);
    expect(of('charge')[0]?.uncertainty).toBeLessThan(0.01);
    expect(value('decay_time')).toBeCloseTo(0.6, 2);
    expect(value('photocurrent_step')).toBeCloseTo(0.6, 3);
    expect(warnings).toEqual([]);
  });

  it('of two components gives the sum of their charges', () => {
    const two = current((t) => 0.85 * Math.exp(-t / 0.6) + 0.15 * Math.exp(-t / 2));
    // 0.6 mA · (0.85·0.6 + 0.15·2) µs, of which the record of 12 µs has all but 0.1 %.
    expect(analyse([two], TPC).value('charge')).toBeCloseTo(0.6 * 0.81, 2);
  });

  it('is compared with the charge of the instrument', () => {
    const { of } = analyse([current((t) => Math.exp(-t / 0.6)), table('Charge', 'C', [-3.6e-10])]);
    expect(of('charge')[0]?.reported).toBeCloseTo(0.36, 6);
  });
});

describe('doubts', () => {
  it.each<[string, Scan, string]>([
    ['a large perturbation', photovoltage('a', { tau: 5, dt: 0.1, voc: 1, step: 0.03 }), 'above 20 mV'],
    ['too few samples', photovoltage('a', { tau: 5, dt: 2, voc: 1 }), 'undersampled'],
    ['too short a record', photovoltage('a', { tau: 20, dt: 0.1, voc: 1 }), 'lengthen'],
    ['noise alone', photovoltage('a', { tau: 5, dt: 0.1, voc: 1, step: 0 }), 'no transient'],
    ['no change at all', photovoltage('a', { tau: 5, dt: 0.1, voc: 1, step: 0, sigma: 0 }), 'no transient'],
  ])('%s', (_, scan, expected) => {
    expect(analyse([scan], TPV).warnings).toContainEqual(expect.stringContaining(expected));
  });

  it('name the scans once', () => {
    const levels = ['a', 'b', 'c'].map((label, i) =>
      photovoltage(label, { tau: 5, dt: 0.1, voc: 1, step: i === 2 ? 0.01 : 0.03 }),
    );
    expect(analyse(levels, TPV).warnings).toEqual([expect.stringContaining('a and 1 more of 3 scans: ')]);
  });

  it('without times there is a perturbation and no lifetime', () => {
    const scan = photovoltage('a', { tau: 5, dt: 0.1, voc: 1 });
    const timeless = { ...scan, columns: scan.columns.filter(({ name }) => name !== 'Time') };
    const { value, of, warnings } = analyse([timeless], TPV);
    expect([value('perturbation') > 9, of('lifetime')[0]?.value]).toEqual([true, null]);
    expect(warnings).toEqual([expect.stringContaining('no time axis')]);
    expect(analyse([timeless], { ...TPV, sampleTime: 1e-7 }).value('lifetime')).toBeCloseTo(5, 1);
  });
});
