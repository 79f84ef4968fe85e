import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Conditions,
  diodeOf,
  openCircuitVoltage,
  REFERENCE_CELL,
} from '../../src/simulator/physics/device.ts';
import { currentDensity, type Diode } from '../../src/simulator/physics/diode.ts';
import { IonicState } from '../../src/simulator/physics/ionic.ts';
import { lambertWOfExp } from '../../src/simulator/physics/lambert-w.ts';
import { SUN_MIX, sunsFromLevels } from '../../src/simulator/physics/light.ts';
import { createPixels } from '../../src/simulator/physics/sample.ts';
import { TemperatureStage } from '../../src/simulator/physics/temperature-stage.ts';
import { Random } from '../../src/simulator/random.ts';

describe('lambertWOfExp', () => {
  it('solves w + ln w = x over the whole range', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 1e6, noNaN: true }), (x) => {
        const w = lambertWOfExp(x);
        expect(Math.abs(w + Math.log(w) - x)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(x)));
      }),
    );
  });

  it('is zero where e^x is', () => {
    expect(lambertWOfExp(-1e4)).toBe(0);
  });

  it('gives the omega constant and e', () => {
    expect(lambertWOfExp(0)).toBeCloseTo(0.5671432904097838, 14);
    expect(lambertWOfExp(1 + Math.E)).toBeCloseTo(Math.E, 14);
  });
});

describe('diode', () => {
  const diode = fc.record<Diode>({
    photocurrent: fc.double({ min: 0, max: 0.05, noNaN: true }),
    saturationCurrent: fc.double({ min: 1e-18, max: 1e-8, noNaN: true }),
    slopeVoltage: fc.double({ min: 0.02, max: 0.06, noNaN: true }),
    seriesResistance: fc.double({ min: 0.1, max: 50, noNaN: true }),
    shuntResistance: fc.double({ min: 50, max: 1e6, noNaN: true }),
  });

  it('satisfies the implicit equation that the closed form solves', () => {
    fc.assert(
      fc.property(diode, fc.double({ min: -1, max: 1.3, noNaN: true }), (cell, volts) => {
        const j = currentDensity(cell, volts);
        const inner = volts + j * cell.seriesResistance;
        const right =
          cell.photocurrent -
          cell.saturationCurrent * Math.expm1(inner / cell.slopeVoltage) -
          inner / cell.shuntResistance;
        expect(Math.abs(right - j)).toBeLessThan(1e-9);
      }),
    );
  });

  it('falls with voltage and stays finite up to the limits of the source', () => {
    fc.assert(
      fc.property(
        diode,
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        (cell, volts, more) => {
          const here = currentDensity(cell, volts);
          expect(Number.isFinite(here)).toBe(true);
          expect(currentDensity(cell, volts + more)).toBeLessThan(here);
        },
      ),
    );
  });
});

/** Figures of the cell with its ions where they cost nothing, on a fine grid. */
function figures(conditions: Conditions): { voc: number; jsc: number; ff: number; pce: number } {
  const diode = diodeOf(REFERENCE_CELL, conditions);
  const voc = openCircuitVoltage(REFERENCE_CELL, conditions);
  const jsc = 1000 * currentDensity(diode, 0);
  let power = 0;
  for (let volts = 0; volts < voc; volts += 1e-4) {
    power = Math.max(power, 1000 * volts * currentDensity(diode, volts));
  }
  return { voc, jsc, ff: (100 * power) / (voc * jsc), pce: power / conditions.suns };
}

describe('reference cell', () => {
  it('has the figures of a good 1.6 eV perovskite cell at 25 °C and one sun', () => {
    const { voc, jsc, ff, pce } = figures({ suns: 1, celsius: 25 });
    expect(voc).toBeCloseTo(1.1, 4);
    expect(jsc).toBeCloseTo(21.97, 2);
    expect(ff).toBeCloseTo(76.8, 1);
    expect(pce).toBeCloseTo(18.57, 2);
  });

  it.each([
    { celsius: -5, suns: 1, voc: 1.157, pce: 19.7 },
    { celsius: 85, suns: 1, voc: 0.984, pce: 16.2 },
    { celsius: 25, suns: 0.1, voc: 1.011, pce: 18.2 },
  ])('has $voc V and $pce % at $celsius °C and $suns sun', ({ celsius, suns, voc, pce }) => {
    const got = figures({ celsius, suns });
    expect(got.voc).toBeCloseTo(voc, 3);
    expect(got.pce).toBeCloseTo(pce, 1);
  });

  it('gives nothing in the dark', () => {
    expect(openCircuitVoltage(REFERENCE_CELL, { suns: 0, celsius: 25 })).toBeCloseTo(0, 9);
  });
});

describe('ions', () => {
  it('end in the same place however the time is cut', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.5, max: 1.5, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (volts, pieces) => {
          const [whole, cut] = [new IonicState(), new IonicState()];
          for (const piece of pieces) cut.relax(volts, 1.1, piece);
          whole.relax(
            volts,
            1.1,
            pieces.reduce((a, b) => a + b, 0),
          );
          expect(cut.loss(0.25, 0.9)).toBeCloseTo(whole.loss(0.25, 0.9), 12);
        },
      ),
    );
  });
});

describe('temperature stage', () => {
  it('takes the same course however the time is cut', () => {
    const targets = fc.array(fc.double({ min: -5, max: 85, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(targets, fc.integer({ min: 2, max: 50 }), (goals, pieces) => {
        const [whole, cut] = [new TemperatureStage(), new TemperatureStage()];
        for (const stage of [whole, cut]) stage.setEnabled(true);
        for (const goal of goals) {
          for (const stage of [whole, cut]) stage.setTarget(goal);
          whole.advance(40);
          for (let i = 0; i < pieces; i++) cut.advance(40 / pieces);
          expect(cut.celsius).toBeCloseTo(whole.celsius, 9);
          expect(cut.nominal).toBeCloseTo(whole.nominal, 9);
        }
      }),
    );
  });
});

describe('light', () => {
  it('makes one sun of the sun-like mix, and nothing of infrared', () => {
    expect(sunsFromLevels(SUN_MIX)).toBeCloseTo(1, 12);
    expect(sunsFromLevels(SUN_MIX.map((level) => level / 2))).toBeCloseTo(0.5, 12);
    expect(sunsFromLevels([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])).toBe(0);
  });
});

describe('pixels', () => {
  it('spread a little, by the seed, around the reference cell', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => createPixels(new Random(seed)));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect(one?.[0]?.cell).toEqual(REFERENCE_CELL);
    for (const { cell } of one ?? []) {
      expect(Math.abs(cell.voc - REFERENCE_CELL.voc)).toBeLessThan(0.05);
      expect(Math.abs(cell.jsc / REFERENCE_CELL.jsc - 1)).toBeLessThan(0.06);
    }
    expect(one?.map(({ contact }) => contact)).toEqual([
      'good',
      'good',
      'good',
      'shorted',
      'good',
      'high resistance',
      'open',
      'good',
    ]);
  });
});

describe('random numbers', () => {
  it('are normal where they should be, and a fork does not depend on what was drawn', () => {
    const random = new Random(7);
    const before = random.fork('x').next();
    const draws = Array.from({ length: 20_000 }, () => random.gaussian(2));
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
    const sigma = Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length);
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(sigma).toBeCloseTo(2, 1);
    expect(random.fork('x').next()).toBe(before);
    expect(random.fork('y').next()).not.toBe(before);
  });
});
