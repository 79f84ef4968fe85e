import { describe, expect, it } from 'vitest';
import { plotMeasurements } from '../../src/plot/plot-measurements.ts';
import { scanOf, sourceOf, textsOf } from './sources.ts';

/** Path data of the curves of one colour, in their order, without the samples in the legend. */
function curvesOf(svg: string, colour = '#0072B2'): string[] {
  const area = svg.slice(svg.indexOf('clip-path='));
  return [...area.matchAll(/<path d="([^"]*)"([^>]*)>/g)].flatMap(([, d = '', rest = '']) =>
    rest.includes(`stroke="${colour}"`) && rest.includes('fill="none"') ? [d] : [],
  );
}

const film = (values: (number | null)[]) =>
  sourceOf('Luminescence', [
    scanOf('spectrum', { 'Wavelength (nm)': values.map((_, i) => 400 + i), 'Spectrum (a.u.)': values }),
  ]);

describe('data that is not all numbers', () => {
  it('breaks the line at what is missing, NaN or infinite', async () => {
    const { svg } = await plotMeasurements([
      film([1, 2, 3, null, 4, 5, Number.NaN, 6, 7, Number.POSITIVE_INFINITY, 8, 9]),
    ]);
    const [curve = ''] = curvesOf(svg);
    // A piece begins wherever the pen is moved.
    expect(curve.match(/M/g)).toHaveLength(4);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('leaves out of a logarithmic axis what is not positive', async () => {
    const { svg } = await plotMeasurements([
      sourceOf('Dark JV', [
        scanOf('forward', { 'Voltage (V)': [-0.1, 0, 0.1, 0.2], 'Current (A)': [-1e-8, 0, 1e-8, 1e-6] }),
      ]),
    ]);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['10⁻⁸', '10⁻⁷', '10⁻⁶', '|Current| (A)']));
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('shows a single point as a point', async () => {
    const { svg } = await plotMeasurements([film([null, 5, null])]);
    expect(svg).toMatch(/<path d="M[^"]*Z" [^>]*fill="#0072B2"/);
    expect(textsOf(svg)).toContain('Wavelength (nm)');
  });

  it('copes with columns of different lengths and with constant values', async () => {
    const uneven = scanOf('spectrum', { 'Wavelength (nm)': [400, 401, 402], 'Spectrum (a.u.)': [7, 7] });
    const { svg } = await plotMeasurements([sourceOf('Luminescence', [uneven])]);
    expect(curvesOf(svg)).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});

describe('many points', () => {
  const count = 50_000;
  const noisy = Array.from({ length: count }, (_, i) => Math.sin(i / 3000) + 0.1 * Math.sin(i * 7.3));

  it('makes a small picture of 50,000 points, in which a spike is still to be seen', async () => {
    const plain = await plotMeasurements([film(noisy)]);
    const spiked = await plotMeasurements([film(noisy.map((value, i) => (i === 31_234 ? 40 : value)))]);
    for (const { svg, png } of [plain, spiked]) {
      expect(svg.length).toBeLessThan(1_000_000);
      expect(png.length).toBeLessThan(300_000);
    }
    expect(textsOf(plain.svg)).toContain('1');
    expect(textsOf(spiked.svg)).toContain('40');
    const heights = (curvesOf(spiked.svg)[0] ?? '').split(/[ML]/).map((pair) => Number(pair.split(' ')[1]));
    // The top of the plot area is at 76 px.
    expect(Math.min(...heights.filter(Number.isFinite))).toBeLessThan(80);
  });

  it('stays small with twelve long measurements of several scans', async () => {
    const x = noisy.map((_, i) => i / 100);
    const traces = [0, 1, 2, 3].map((level) =>
      scanOf(`light:${level}`, {
        'Time (µs)': x.slice(0, 10_000),
        'Voltage (V)': noisy.slice(0, 10_000).map((value, i) => 1 + Math.exp(-i / 2000) / 100 + value / 1e5),
        'Current (A)': x.slice(0, 10_000),
      }),
    );
    const sources = Array.from({ length: 12 }, (_, i) =>
      sourceOf('TPR', traces, { id: `m-${i}`, deviceName: `${i}` }),
    );
    const { svg, png, notes } = await plotMeasurements(sources);
    expect(svg.length).toBeLessThan(1_000_000);
    expect(png.length).toBeLessThan(300_000);
    expect(notes.join()).toContain('of 48 traces are shown');
  });
});

it('goes from resistances in kΩ to one length on both axes', async () => {
  const angles = Array.from({ length: 30 }, (_, i) => (i * Math.PI) / 29);
  const { svg } = await plotMeasurements([
    sourceOf('Impedance', [
      scanOf('light:0 offset:0', {
        'Re Z (Ω)': angles.map((angle) => 30_000 * (1 - Math.cos(angle))),
        'Im Z (Ω)': angles.map((angle) => -30_000 * Math.sin(angle)),
      }),
    ]),
  ]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['Re Z (kΩ)', '−Im Z (kΩ)', '60']));
  // A semicircle: twice as wide as high.
  const [curve = ''] = curvesOf(svg);
  const pairs = curve.split(/[MLZ]/).flatMap((pair) => (pair === '' ? [] : [pair.split(' ').map(Number)]));
  const spread = (i: 0 | 1): number =>
    Math.max(...pairs.map((p) => p[i] ?? 0)) - Math.min(...pairs.map((p) => p[i] ?? 0));
  expect(spread(0) / spread(1)).toBeCloseTo(2, 1);
});

it('joins what was read point by point to one curve, in decades where the currents span them', async () => {
  const points = [1e-6, 1e-5, 1e-4].map((current) =>
    scanOf('latest point', {
      'Voltage (V)': [current * 30],
      'Current (A)': [current],
      'Sheet resistance (Ω/□)': [150 + 1e-6 / current],
    }),
  );
  const { svg } = await plotMeasurements([sourceOf('Resistivity', points)]);
  expect(curvesOf(svg)).toHaveLength(1);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['Sheet resistance (Ω/□)', 'Current (A)', '10⁻⁵']));
});
