import { describe, expect, it } from 'vitest';
import type { Scan } from '../../../src/science/dataset.ts';
import { analyseLuminescence } from '../../../src/science/metrics/luminescence.ts';

const NM = Array.from({ length: 1200 }, (_, i) => 350 + 0.6 * i);
const wobble = (i: number): number => Math.sin(i * 12.9898 + Math.cos(i * 78.233) * 43.7);
const gauss = (nm: number, peak: number, fwhm: number): number =>
  Math.exp(-4 * Math.LN2 * ((nm - peak) / fwhm) ** 2);

/** Counts above the dark: a band of 36 nm at 765 nm and 30 000 counts, noise of 5 counts, and what is added. */
const signal = (add: (nm: number) => number = () => 0, height = 30_000): number[] =>
  NM.map((nm, i) => height * gauss(nm, 765, 36) + add(nm) + 5 * wobble(i));
const DARK = NM.map((_, i) => 95 + 3 * wobble(i + 5000));

function scan(columns: Record<string, (number | null)[]>): Scan {
  return {
    label: 'spectrum',
    conditions: {},
    columns: Object.entries({ Wavelength: NM, ...columns }).map(([name, values]) => ({
      name,
      unit: '',
      values,
    })),
    reported: {},
  };
}
function analysed(...scans: Scan[]) {
  const { metrics, warnings } = analyseLuminescence({ routine: 'Luminescence', info: {}, scans, notes: [] });
  return { warnings, value: (name: string) => metrics.find((one) => one.name === name)?.value };
}

describe('the emission band', () => {
  it('is found where it is', () => {
    const { value, warnings } = analysed(scan({ Dark: DARK, Spectrum: signal() }));
    // Noise of 5 in 30 000 counts, pixels of 0.6 nm; the moving average over 5 pixels widens by less than 0.1 nm.
    expect(Math.abs((value('peak_wavelength') ?? 0) - 765)).toBeLessThan(0.1);
    expect(Math.abs((value('peak_energy') ?? 0) - 1239.84 / 765)).toBeLessThan(3e-4);
    expect(Math.abs((value('fwhm') ?? 0) - 36)).toBeLessThan(0.2);
    // ∫ = height · fwhm · √(π/ln 2)/2.
    const area = (30_000 * 36 * Math.sqrt(Math.PI / Math.LN2)) / 2;
    expect(Math.abs((value('integral') ?? 0) / area - 1)).toBeLessThan(0.003);
    expect(value('saturation')).toBeCloseTo((100 * 30_095) / 65_535, 1);
    expect(warnings).toEqual([]);
  });

  it('is found in raw counts, on their offset', () => {
    const { value, warnings } = analysed(scan({ Counts: signal().map((y) => y + 95) }));
    expect(Math.abs((value('peak_wavelength') ?? 0) - 765)).toBeLessThan(0.1);
    expect(Math.abs((value('fwhm') ?? 0) - 36)).toBeLessThan(0.2);
    expect(warnings).toEqual([]);
  });

  it('is not the laser line, even where that is higher', () => {
    const { value, warnings } = analysed(
      scan({ Dark: DARK, Spectrum: signal((nm) => 40_000 * gauss(nm, 450, 3)) }),
    );
    expect(Math.abs((value('peak_wavelength') ?? 0) - 765)).toBeLessThan(0.1);
    expect(warnings).toEqual([]);
  });

  it('is not noise', () => {
    const { value, warnings } = analysed(scan({ Dark: DARK, Spectrum: signal(undefined, 0) }));
    expect([value('peak_wavelength'), value('fwhm')]).toEqual([null, null]);
    expect(warnings).toEqual([expect.stringContaining('no luminescence above the noise')]);
  });

  it('has no width where it reaches beyond the spectrum', () => {
    const { value, warnings } = analysed(
      scan({ Dark: DARK, Spectrum: NM.map((nm) => 20_000 * gauss(nm, 1069, 60)) }),
    );
    expect(value('fwhm')).toBeNull();
    expect(warnings).toContainEqual(expect.stringContaining('beyond the spectrum'));
  });
});

describe('what a specialist objects to', () => {
  const warningsOf = (...scans: Scan[]): string[] => analysed(...scans).warnings;

  it.each([65_535, 16_383])('saturation at %i counts', (full) => {
    const raw = signal(undefined, 90_000).map((y) => Math.min(full, y + 95));
    for (const one of [
      scan({ Counts: raw }),
      scan({ Dark: DARK, Spectrum: raw.map((y, i) => y - (DARK[i] ?? 0)) }),
    ]) {
      const { value, warnings } = analysed(one);
      expect(value('saturation')).toBe(100);
      expect(warnings).toContainEqual(expect.stringContaining(`stand at ${full} counts`));
    }
  });

  it('no dark', () => {
    const raw = signal().map((y) => y + 95);
    expect(warningsOf(scan({ Spectrum: raw }))).toEqual([expect.stringContaining('no dark was acquired')]);
  });

  it.each([-5, 45])('a dark of another integration time: a baseline at %d counts', (off) => {
    const spectrum = signal(() => off);
    expect(warningsOf(scan({ Dark: DARK, Spectrum: spectrum }))).toEqual([
      expect.stringMatching(/baseline lies at .* counts, not at 0/),
    ]);
  });

  it('a dark with the light on', () => {
    const dark = DARK.map((y, i) => y + 0.5 * (signal()[i] ?? 0));
    expect(warningsOf(scan({ Dark: dark, Spectrum: signal() }))).toEqual([
      expect.stringContaining('the dark holds light'),
    ]);
  });

  it('a reference of another integration time', () => {
    const lamp = NM.map((nm) => 20_000 * gauss(nm, 600, 200));
    const columns = (t: number) => ({
      Dark: DARK,
      Reference: lamp,
      Spectrum: lamp.map((y) => t * y),
      Transmittance: lamp.map(() => t),
    });
    expect(warningsOf(scan(columns(0.7))).join()).not.toContain('reference');
    expect(warningsOf(scan(columns(1.6)))).toContainEqual(expect.stringContaining('the reference is older'));
  });

  it('the pump inside the emission window, and another band', () => {
    const leak = signal((nm) => 15_000 * gauss(nm, 785, 3));
    expect(warningsOf(scan({ Dark: DARK, Spectrum: leak }))).toEqual([
      expect.stringMatching(/a narrow line at 78[45] nm lies inside the emission/),
    ]);
    const higher = signal((nm) => 60_000 * gauss(nm, 740, 3), 5000);
    expect(warningsOf(scan({ Dark: DARK, Spectrum: higher }))).toEqual([
      expect.stringMatching(/a narrow line at 740 nm lies inside the emission/),
    ]);
    const second = signal((nm) => 9000 * gauss(nm, 560, 60));
    expect(warningsOf(scan({ Dark: DARK, Spectrum: second }))).toEqual([
      expect.stringContaining('another band at 560 nm, 30 % as high'),
    ]);
  });

  it('an irradiance that no dark was subtracted from, or that is missing', () => {
    const raw = signal().map((y) => y + 95);
    expect(warningsOf(scan({ Counts: raw, Irradiance: raw.map((y) => 3e-3 * y) }))).toEqual([
      expect.stringContaining('in proportion to the raw counts'),
    ]);
    expect(warningsOf(scan({ Counts: raw, Irradiance: signal().map((y) => 3e-3 * y) }))).toEqual([]);
    expect(warningsOf(scan({ Counts: raw, Irradiance: raw.map(() => null) }))).toEqual([
      expect.stringContaining('no irradiance'),
    ]);
  });
});

it('does not throw for nothing, or for what has no wavelengths', () => {
  expect(analyseLuminescence({ routine: 'Luminescence', info: {}, scans: [], notes: [] })).toEqual({
    metrics: [],
    warnings: [],
  });
  const bare: Scan = { ...scan({ Counts: DARK }), columns: [{ name: 'Counts', unit: '', values: DARK }] };
  expect(analysed(bare, scan({ Spectrum: NM.map(() => null) })).warnings).toEqual([]);
  const few: Scan = scan({ Spectrum: [1, 2, 3], Dark: [1, 2, 3] });
  for (const column of few.columns) column.values = column.values.slice(0, 3);
  expect(analysed(few).warnings.join()).not.toContain('luminescence above');
});
