import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/science/dataset.ts';
import { analyseIpce, type IpceConditions } from '../../../src/science/metrics/ipce.ts';
import type { Analysis, Metric } from '../../../src/science/metrics/metric.ts';
import { AM15G } from '../../../src/science/reference/am15g.ts';

type Points = readonly (readonly [nm: number, percent: number])[];

const PLAIN: IpceConditions = { biasLight: 0, chopperHz: 0, acquisitionSeconds: 1 };

function dataOf(points: Points, integral?: { unit: string; last: number }): Dataset {
  const sum = points.map((_, i) => (i === 0 ? null : ((integral?.last ?? 0) * i) / (points.length - 1)));
  return {
    routine: 'IPCE',
    info: {},
    notes: [],
    scans: [
      {
        label: 'IPCE',
        conditions: {},
        reported: {},
        columns: [
          { name: 'Wavelength', unit: 'nm', values: points.map(([nm]) => nm) },
          { name: 'EQE', unit: '%', values: points.map(([, percent]) => percent) },
          ...(integral === undefined ? [] : [{ name: 'J_int', unit: integral.unit, values: sum }]),
        ],
      },
    ],
  };
}

function analyse(points: Points, conditions: Partial<IpceConditions> = {}): Analysis {
  return analyseIpce(dataOf(points), { ...PLAIN, ...conditions });
}

function metricOf({ metrics }: Analysis, name: string): Metric {
  const found = metrics.find((metric) => metric.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function grid(from: number, to: number, step: number, percent: (nm: number) => number): Points {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => {
    const nm = from + i * step;
    return [nm, percent(nm)] as const;
  });
}

/** 90 % between a blue flank and a logistic edge, whose inflection is its centre. */
const cell =
  (edge: number, width = 9) =>
  (nm: number): number =>
    90 / (1 + Math.exp(-(nm - 345) / 14)) / (1 + Math.exp((nm - edge) / width));

/** Repeatable noise of about one standard deviation, white enough. */
const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898 + 4.1) * 43758.5453;
  return 3.46 * (x - Math.floor(x) - 0.5);
};

describe('integrated Jsc', () => {
  it.each([900, 1120, 1400])('of a perfect cell that ends at %d nm is the current of all photons', (end) => {
    // From the other column of the table, the spectral irradiance: photons are E·λ/hc.
    const bins = AM15G.filter(([nm]) => nm <= end);
    const photons = bins.reduce(
      (sum, [nm, watts]) => sum + (5 * watts * nm * 1e-9) / (6.62607015e-34 * 299792458),
      0,
    );
    const { value } = metricOf(analyse(grid(280, end, 1, () => 100)), 'jsc_integrated');
    // The sum counts the last bin in full, the trapezoid half of it: at most 0.2 mA/cm².
    expect(Math.abs((value ?? 0) - photons * 1.602176634e-19 * 0.1)).toBeLessThan(0.2);
  });

  it('of a perfect cell of 1.34 eV is about 35 mA/cm², as in the Shockley-Queisser limit', () => {
    const { value } = metricOf(analyse(grid(280, 925, 1, () => 100)), 'jsc_integrated');
    expect(value).toBeGreaterThan(34.6);
    expect(value).toBeLessThan(35.6);
  });

  it('is the trapezoid of the measured points, whatever their order', () => {
    const points = grid(300, 900, 10, cell(780));
    const forward = metricOf(analyse(points), 'jsc_integrated').value;
    expect(metricOf(analyse(points.toReversed()), 'jsc_integrated').value).toBeCloseTo(forward ?? 0, 12);
    expect(
      metricOf(analyse(points.map(([nm, y]) => [nm, y / 2] as const)), 'jsc_integrated').value,
    ).toBeCloseTo((forward ?? 0) / 2, 12);
    // One interval at 500 nm, by hand: q · 0.5 · Φ, with Φ 3.8535e18 and 3.9439e18 per m², s and nm.
    const two = metricOf(
      analyse([
        [500, 50],
        [505, 50],
      ]),
      'jsc_integrated',
    ).value;
    expect(two).toBeCloseTo(1.602176634e-19 * 0.5 * ((3.8535e18 + 3.9439e18) / 2) * 5 * 0.1, 6);
  });

  it("stands beside the instrument's last integral, in its unit", () => {
    const points = grid(300, 900, 10, cell(780));
    const own = metricOf(analyse(points), 'jsc_integrated').value ?? 0;
    const with_ = (unit: string, last: number): Analysis =>
      analyseIpce(dataOf(points, { unit, last }), PLAIN);
    expect(metricOf(with_('A/cm²', own / 1000), 'jsc_integrated').reported).toBeCloseTo(own, 9);
    expect(metricOf(with_('mA/cm²', own), 'jsc_integrated').reported).toBeCloseTo(own, 9);
    expect(with_('A/cm²', (own / 1000) * 1.015).warnings).toEqual([]);
    expect(with_('A/cm²', (own / 1000) * 1.05).warnings).toEqual([
      expect.stringMatching(/^jsc_integrated \(IPCE\): computed .* the instrument says/),
    ]);
    // Four points in the ultraviolet hold so little light that a share says nothing.
    const few = grid(300, 330, 10, () => 5);
    expect(
      analyseIpce(dataOf(few, { unit: 'A/cm²', last: 5.8e-6 * 1.2 }), PLAIN).warnings.join(),
    ).not.toContain('the instrument says');
  });
});

describe('band edge', () => {
  it.each([1, 2, 5, 10, 20])('is the inflection point on a grid of %d nm', (step) => {
    for (const edge of [520, 780, 783.7, 1107]) {
      const analysis = analyse(grid(300, 1200, step, cell(edge)));
      // The slope of a logistic of 9 nm is no parabola over three points of a coarse grid: a tenth of the step.
      expect(Math.abs((metricOf(analysis, 'band_edge').value ?? 0) - edge)).toBeLessThan(0.1 + 0.1 * step);
      expect(metricOf(analysis, 'band_gap').value).toBeCloseTo(1239.84 / edge, 2);
    }
  });

  it.each([1, 5, 10])('withstands noise on a grid of %d nm', (step) => {
    const noisy = grid(300, 900, step, cell(780)).map(
      ([nm, y], i) => [nm, y * (1 + 0.003 * noise(i))] as const,
    );
    // 0.3 % of noise moves it by 0.1 to 0.3 nm (standard deviation, of 100 such curves).
    expect(Math.abs((metricOf(analyse(noisy), 'band_edge').value ?? 0) - 780)).toBeLessThan(1);
  });

  it('by the vendor’s tool is the last wavelength above 10 %', () => {
    // 90/(1 + e^x) = 10 at x = ln 8: 18.7 nm beyond 780.
    const analysis = analyse(grid(300, 900, 1, cell(780)));
    expect(metricOf(analysis, 'edge_10_percent').value).toBe(798);
    expect(metricOf(analyse(grid(300, 900, 10, cell(780))), 'edge_10_percent').value).toBe(790);
  });

  it('is not determined by a range that ends before it, and that is said', () => {
    const analysis = analyse(grid(300, 700, 10, cell(780)));
    for (const name of ['band_edge', 'band_gap', 'edge_10_percent'])
      expect(metricOf(analysis, name).value, name).toBeNull();
    expect(analysis.warnings).toEqual([expect.stringContaining('the integrated Jsc is a lower bound')]);
    // Half-way down the edge the steepest place may be still to come.
    expect(metricOf(analyse(grid(300, 780, 10, cell(780))), 'band_edge').value).toBeNull();
  });
});

describe('peak', () => {
  it('is the largest value and where it is', () => {
    const analysis = analyse(grid(300, 900, 10, (nm) => cell(780)(nm) + (nm === 560 ? 3 : 0)));
    expect(metricOf(analysis, 'peak_wavelength').value).toBe(560);
    expect(metricOf(analysis, 'peak_eqe').value).toBeCloseTo(93, 3);
  });
});

describe('data that determines little', () => {
  it('gives nulls and no exception', () => {
    for (const points of [
      [],
      [[500, 50]],
      [
        [500, 0],
        [510, 0],
      ],
      [
        [500, 50],
        [500, 60],
      ],
    ] as Points[]) {
      const analysis = analyse(points);
      expect(metricOf(analysis, 'band_edge').value).toBeNull();
    }
    expect(analyse([])).toMatchObject({ warnings: [] });
    const none: Dataset = { routine: 'IPCE', info: {}, scans: [], notes: [] };
    expect(analyseIpce(none, PLAIN)).toEqual({ metrics: [], warnings: [] });
    const [scan] = dataOf([[500, 50]]).scans;
    expect(() => analyseIpce({ ...none, scans: [{ ...scan, columns: [] } as never] }, PLAIN)).not.toThrow();
  });

  it('as no response at all, is said', () => {
    const open = analyse(grid(300, 900, 10, (nm) => 0.3 * Math.sin(nm)));
    expect(metricOf(open, 'peak_eqe').value).toBeNull();
    expect(open.warnings).toEqual([expect.stringContaining('hardly any response')]);
    const turned = analyse(grid(300, 900, 10, (nm) => -cell(780)(nm)));
    expect(turned.warnings).toContainEqual(expect.stringContaining('the polarity is inverted'));
  });
});

describe('doubts', () => {
  const good = grid(300, 900, 10, cell(780));

  it('none about a good spectrum', () => {
    expect(analyse(good).warnings).toEqual([]);
    expect(analyse(good, { biasLight: 0.5, chopperHz: 17 }).warnings).toEqual([]);
    expect(
      analyse(good, { biasLight: undefined, chopperHz: undefined, acquisitionSeconds: undefined }).warnings,
    ).toEqual([]);
  });

  it('EQE above 100 %', () => {
    const high = analyse(good.map(([nm, y]) => [nm, y * 1.15] as const)).warnings;
    expect(high).toEqual([expect.stringMatching(/EQE above 100 % at \d+ of 61 wavelengths, 10\d % at/)]);
  });

  it('a range that begins in the blue', () => {
    expect(analyse(grid(400, 900, 10, cell(780))).warnings).toEqual([
      expect.stringContaining('the range begins at 400 nm'),
    ]);
  });

  it('noise at the ultraviolet end, but not a steep flank', () => {
    const noisy = grid(300, 900, 5, cell(780)).map(
      ([nm, y], i) => [nm, y + (nm < 400 ? 12 * noise(i) : 0)] as const,
    );
    expect(analyse(noisy).warnings).toEqual([expect.stringContaining('ultraviolet end')]);
    for (const width of [4, 8, 14]) {
      for (const step of [2, 5, 10]) {
        const steep = grid(
          300,
          900,
          step,
          (nm) => 80 / (1 + Math.exp(-(nm - 345) / width)) / (1 + Math.exp((nm - 780) / 9)),
        );
        expect(analyse(steep).warnings).toEqual([]);
      }
    }
  });

  it('bias light without the chopper, and too few of its periods', () => {
    expect(analyse(good, { biasLight: 0.5 }).warnings).toEqual([
      expect.stringContaining('bias light without the chopper'),
    ]);
    expect(analyse(good, { chopperHz: 17, acquisitionSeconds: 0.1 }).warnings).toEqual([
      expect.stringContaining('1.7 chopper periods'),
    ]);
  });
});

describe('an EQE that is noise', () => {
  // As a shorted pixel gives it: the offset of the probes over 2 Ω, about a mean of 60 %.
  const shorted = (step: number): Points =>
    grid(300, 900, step, () => 0).map(([nm], i) => [nm, 60 + 70 * noise(i)] as const);

  it.each([10, 5, 2])('gives no current and no edge on a grid of %d nm, and a reason', (step) => {
    const analysis = analyse(shorted(step));
    expect(analysis.metrics.map(({ value }) => value)).toEqual(analysis.metrics.map(() => null));
    expect(analysis.warnings).toEqual([expect.stringContaining('does not stand out of its noise')]);
  });

  it('gives none at an open contact either, where it is hardly any', () => {
    const open = grid(300, 900, 10, () => 0).map(([nm], i) => [nm, 1e-3 * noise(i)] as const);
    expect(metricOf(analyse(open), 'jsc_integrated').value).toBeNull();
    expect(analyse(open).warnings).toEqual([expect.stringContaining('hardly any response')]);
  });

  it.each([10, 50])('is told from a noisy spectrum and from a coarse one: %d nm', (step) => {
    const curve = grid(300, 900, step, cell(780)).map(([nm, y], i) => [nm, y + 5 * noise(i)] as const);
    expect(metricOf(analyse(curve), 'jsc_integrated').value).toBeGreaterThan(20);
    expect(metricOf(analyse(curve), 'band_edge').value).not.toBeNull();
  });
});
