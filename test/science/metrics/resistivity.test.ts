import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/science/dataset.ts';
import {
  circleFactor,
  edgeFactor,
  rectangleFactor,
  thicknessFactor,
} from '../../../src/science/metrics/four-point.ts';
import { analyseResistivity, type ResistivityConditions } from '../../../src/science/metrics/resistivity.ts';

const UNKNOWN: ResistivityConditions = {
  thicknessUm: undefined,
  lengthMm: undefined,
  widthMm: undefined,
  voltageLimit: undefined,
};

function data(volts: (number | null)[], amperes: (number | null)[], corrected?: number): Dataset {
  const column = (name: string, unit: string, values: (number | null)[]) => ({ name, unit, values });
  const columns = [column('Voltage', 'V', volts), column('Current', 'A', amperes)];
  if (corrected !== undefined) columns.push(column('Corrected sheet resistance', 'Ω/□', [corrected]));
  return {
    routine: 'Resistivity',
    info: {},
    scans: [{ label: 'latest point', conditions: {}, columns, reported: {} }],
    notes: [],
  };
}

function analysed(dataset: Dataset, conditions: Partial<ResistivityConditions> = {}) {
  const { metrics, warnings } = analyseResistivity(dataset, { ...UNKNOWN, ...conditions });
  const value = (name: string): number | null | undefined => metrics.find((m) => m.name === name)?.value;
  return { metrics, warnings, value };
}

describe('the rectangle', () => {
  /** C·ln2/π with Smits' series for a probe in the centre of a rectangle d wide and a long, both over s. */
  function series(d: number, a: number): number {
    let sum =
      Math.PI / d + Math.log(1 - Math.exp((-4 * Math.PI) / d)) - Math.log(1 - Math.exp((-2 * Math.PI) / d));
    for (let m = 1; m < 400; m++) {
      const k = (Math.PI * m) / d;
      sum +=
        ((Math.exp(-2 * (a - 2) * k) / m) * (1 - Math.exp(-6 * k)) * (1 - Math.exp(-2 * k))) /
        (1 + Math.exp(-2 * a * k));
    }
    return Math.LN2 / sum;
  }

  it.each([
    [3, 3, 0.542],
    [10, 20, 0.935],
    [40, 40, 0.996],
    [1, 4, 0.221],
  ])('of %d × %d spacings corrects by %d', (b, a, factor) => {
    expect(rectangleFactor(b, a)).toBeCloseTo(factor, 6);
    expect(series(b, a)).toBeCloseTo(factor, 2);
  });

  it('agrees with the series it tabulates, also between the rows', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 3, max: 200, noNaN: true }),
        fc.double({ min: 2, max: 20, noNaN: true }),
        (b, ratio) => {
          // The table has three digits; between its rows another 1 %, at most, comes from the interpolation.
          expect(Math.abs((rectangleFactor(b, b * ratio) ?? 0) / series(b, b * ratio) - 1)).toBeLessThan(
            0.012,
          );
        },
      ),
    );
    // The default film, between 20 and 40: where 1 − F3 is straight in (s/b)².
    expect(rectangleFactor(100, 25)).toBeCloseTo(series(25, 100), 3);
  });

  it('is the same whichever side is called length, rises with size, and ends where the probes do not fit', () => {
    expect(rectangleFactor(5, 20)).toBe(rectangleFactor(20, 5));
    expect([rectangleFactor(2, 2), rectangleFactor(0.5, 50), rectangleFactor(Number.NaN, 3)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    fc.assert(
      fc.property(
        fc.double({ min: 3, max: 60, noNaN: true }),
        fc.double({ min: 0.01, max: 60, noNaN: true }),
        (b, more) => {
          expect(rectangleFactor(b + more, b + more) ?? 0).toBeGreaterThan(
            (rectangleFactor(b, b) ?? 1) - 1e-12,
          );
        },
      ),
    );
  });
});

describe('the other corrections', () => {
  it('are 1 for thin, far and large', () => {
    // F1 differs from 1 by (t/2s)²/(2·ln2): 0.2 % for t/s = 0.1.
    expect(thicknessFactor(1e-6)).toBeCloseTo(1, 9);
    expect(thicknessFactor(0.1)).toBeCloseTo(0.9982, 4);
    expect(edgeFactor(1e6, 'perpendicular')).toBeCloseTo(1, 9);
    expect(edgeFactor(1e6, 'parallel')).toBeCloseTo(1, 5);
    expect(circleFactor(1e6)).toBeCloseTo(1, 9);
  });

  it('have the values of the formulas: sinh, 2s/t of a bulk sample, and π/ln2 in none of them', () => {
    expect(thicknessFactor(2)).toBeCloseTo(Math.LN2 / Math.log(Math.sinh(2) / Math.sinh(1)), 12);
    // A thick sample is bulk: R_s·t = 2πs·V/I, so F1 = 2·ln2·s/t.
    expect(thicknessFactor(1000)).toBeCloseTo((2 * Math.LN2) / 1000, 9);
    expect(edgeFactor(5, 'perpendicular')).toBeGreaterThan(0.99);
    expect(edgeFactor(0, 'perpendicular')).toBeCloseTo(1 / 1.45, 12);
    expect(edgeFactor(0, 'parallel')).toBeCloseTo(0.5, 12);
    expect(circleFactor(10)).toBeCloseTo(Math.LN2 / Math.log((2 * 103) / 97), 12);
    expect(circleFactor(2.9)).toBeUndefined();
  });
});

describe('resistivity', () => {
  it('is that of the film: sheet resistance times thickness', () => {
    // 150 Ω/□, 100 µm thick: 150 · 0.01 cm = 1.5 Ω·cm. V = I·R·ln2/(π·F).
    const factor = (rectangleFactor(100, 25) ?? 0) * thicknessFactor(0.1);
    const { value, metrics, warnings } = analysed(
      data([(1e-4 * 150 * Math.LN2) / (Math.PI * factor)], [1e-4], 150.5),
      { thicknessUm: 100, lengthMm: 100, widthMm: 25, voltageLimit: 10 },
    );
    expect(value('sheet_resistance_corrected')).toBeCloseTo(150, 9);
    expect(value('resistivity')).toBeCloseTo(1.5, 9);
    expect(value('conductivity')).toBeCloseTo(1 / 1.5, 9);
    expect(metrics.find(({ name }) => name === 'correction_factor')?.method).toContain('s = 1 mm assumed');
    expect(metrics.find(({ name }) => name === 'sheet_resistance_corrected')?.reported).toBe(150.5);
    expect(warnings).toEqual([]);
  });

  it('takes a known probe spacing, a circle and an edge into account', () => {
    const point = data([1], [1e-3]);
    const of = (conditions: Partial<ResistivityConditions>) =>
      analysed(point, conditions).value('correction_factor');
    expect(of({ diameterMm: 20, probeSpacingMm: 2 })).toBeCloseTo(circleFactor(10) ?? 0, 12);
    expect(
      of({ lengthMm: 100, widthMm: 100, probeSpacingMm: 2, edge: { distanceMm: 4, line: 'parallel' } }),
    ).toBeCloseTo((rectangleFactor(50, 50) ?? 0) * edgeFactor(2, 'parallel'), 12);
    expect(of({ lengthMm: 2, widthMm: 1 })).toBeNull();
  });

  it('is free of the offset where there are several currents', () => {
    const amperes = [1e-6, 1e-5, 1e-4];
    const { value, warnings } = analysed(
      data(
        amperes.map((i) => 33 * i + 2e-6),
        amperes,
      ),
    );
    expect(value('sheet_resistance_slope')).toBeCloseTo((33 * Math.PI) / Math.LN2, 6);
    expect(value('offset_voltage')).toBeCloseTo(2e-6, 12);
    expect(warnings.join()).not.toContain('V/I changes');
  });

  it('doubts a resistance that changes with the current where no offset can do that', () => {
    const { warnings } = analysed(data([33e-4, 30e-3], [1e-4, 1e-3]));
    expect(warnings.join()).toContain('V/I changes by 10 %');
  });

  it.each([
    ['the voltage limit', data([9.99], [1e-4]), { voltageLimit: 10 }, 'at its limit of 10 V'],
    ['no current', data([2e-6], [0]), {}, 'no current flows'],
    ['a tiny voltage', data([5e-6], [1e-7]), {}, 'thermoelectric'],
    ['the wrong sign', data([-0.1], [1e-4]), {}, 'opposite signs'],
    ['a hot film', data([3], [0.1]), {}, 'heat the film'],
    ['a small film', data([0.1], [1e-4]), { lengthMm: 20, widthMm: 5 }, 'corrects by 0.789'],
    ['no data', data([], []), {}, 'no voltage and current yet'],
    ['only missing values', data([null], [1e-4]), {}, 'no voltage and current yet'],
  ])('is doubted for %s', (_, dataset, conditions, warning) => {
    expect(analysed(dataset, conditions).warnings).toEqual([expect.stringContaining(warning)]);
  });

  it('is undetermined, and nothing throws, for empty and degenerate data', () => {
    const empty: Dataset = { routine: 'Resistivity', info: {}, scans: [], notes: [] };
    for (const dataset of [empty, data([null], [null]), data([0], [0])]) {
      expect(analysed(dataset).value('sheet_resistance')).toBeNull();
    }
  });
});
