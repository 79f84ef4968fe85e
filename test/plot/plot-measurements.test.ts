import { describe, expect, it } from 'vitest';
import type { Applied } from '../../src/archive/applied.ts';
import { InputError } from '../../src/errors.ts';
import { type PlotKind, plotKindsOf, plotMeasurements } from '../../src/plot/plot-measurements.ts';
import { rejection } from '../helpers/connection.ts';
import { jvSource, pngSize, scanOf, sourceOf, textsOf } from './sources.ts';

describe('a picture of one measurement', () => {
  it('says what, of which device, when, and on which axes', async () => {
    const { svg, png, kind, notes } = await plotMeasurements([jvSource()]);
    expect(kind).toBe('jv');
    expect(notes).toEqual([]);
    const texts = textsOf(svg);
    expect(texts).toEqual(
      expect.arrayContaining([
        'JV of "A1"',
        '2026-03-01 10:00:05 UTC  ·  m-1',
        'Voltage (V)',
        'Current density (mA/cm²)',
        'forward',
        'reverse',
        'Voc (V)',
        '1.100',
        'PCE (%)',
        '18.90',
        '19.05',
        'ring: maximum power point',
      ]),
    );
    expect(texts.join()).not.toContain('SIMULATED');
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(pngSize(png)).toEqual({ width: 1350, height: 900 });
    expect(svg).toContain('width="900" height="600"');
  });

  it('draws forward solid and reverse dashed, in one colour', async () => {
    const { svg } = await plotMeasurements([jvSource()]);
    const curves = [...svg.matchAll(/<path[^>]*stroke="#0072B2"[^>]*>/g)].map(([path]) => path);
    const lines = curves.filter((path) => path.includes('stroke-width="2"'));
    expect(lines.filter((path) => path.includes('stroke-dasharray'))).not.toEqual([]);
    expect(lines.filter((path) => !path.includes('stroke-dasharray'))).not.toEqual([]);
  });

  it('is marked twice when the data is simulated', async () => {
    const { svg } = await plotMeasurements([jvSource({ simulated: true })]);
    expect(textsOf(svg).filter((text) => text === 'SIMULATED')).toHaveLength(2);
    expect(svg).toMatch(/font-size:1\d\dpx[^>]*>SIMULATED/);
  });

  it('is the same text for the same data', async () => {
    const [first, second] = [await plotMeasurements([jvSource()]), await plotMeasurements([jvSource()])];
    expect(second.svg).toBe(first.svg);
  });

  it('takes names that people typed as text, and cuts them', async () => {
    const typed = '<script>alert(1)</script> & "x"\u0007 {a|b}';
    const { svg } = await plotMeasurements([jvSource({ deviceName: typed })]);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; ');
    expect(textsOf(svg)).toContain(`JV of "<script>alert(1)</script> & 'x' {a|b}"`);
    const long = await plotMeasurements([jvSource({ deviceName: 'W'.repeat(500), id: 'i'.repeat(500) })]);
    expect(Math.max(...textsOf(long.svg).map((text) => text.length))).toBeLessThan(220);
    expect(textsOf(long.svg)[0]).toMatch(/^JV of "W+…/);
  });
});

describe('a picture of several measurements', () => {
  it('tells them apart by device, by what was applied, by time, or by id', async () => {
    const at = (minute: number): string => `2026-03-01T10:${minute}:00.000Z`;
    const legend = async (...differing: Parameters<typeof jvSource>[0][]): Promise<string[]> =>
      textsOf((await plotMeasurements(differing.map((more) => jvSource(more)))).svg);
    expect(await legend({ deviceName: 'A' }, { deviceName: 'B', id: 'm-2' })).toEqual(
      expect.arrayContaining(['JV, 2 measurements', '"A", forward', '"B", reverse']),
    );
    expect(await legend({ startedAt: at(10) }, { startedAt: at(20) })).toEqual(
      expect.arrayContaining([
        'JV of "A1", 2 measurements',
        '2026-03-01 10:10:00, forward',
        '2026-03-01 10:20:00, forward',
      ]),
    );
    const laser = (percent: number): Applied => ({
      values: { laser_percent: { value: percent, unit: '%', source: 'asked' } },
      switched_on: [],
    });
    expect(await legend({ applied: laser(1) }, { applied: laser(10) })).toEqual(
      expect.arrayContaining(['laser_percent 1, forward', 'laser_percent 10, reverse']),
    );
    expect(await legend({ id: 'one' }, { id: 'two' })).toEqual(
      expect.arrayContaining(['one, forward', 'two, reverse']),
    );
  });

  it('says which of them are simulated when not all are', async () => {
    const { svg } = await plotMeasurements([
      jvSource({ deviceName: 'A' }),
      jvSource({ deviceName: 'B', simulated: true }),
    ]);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['SIMULATED', '"A", forward', '"B" (simulated), forward']),
    );
  });

  it('has a row for each of twelve, and explains the dashes', async () => {
    const sources = Array.from({ length: 12 }, (_, i) =>
      jvSource({ id: `m-${i}`, deviceName: `pixel ${i}` }),
    );
    const { svg, png } = await plotMeasurements(sources);
    const texts = textsOf(svg);
    for (const { deviceName } of sources) expect(texts).toContain(`"${deviceName}"`);
    expect(texts.join()).toContain('solid: forward, dashed: reverse');
    expect(svg.length).toBeLessThan(1_000_000);
    expect(png.length).toBeLessThan(300_000);
  });

  it('says which has nothing to draw', async () => {
    const { notes } = await plotMeasurements([
      jvSource(),
      jvSource({ id: 'm-2', dataset: sourceOf('JV', []).dataset }),
    ]);
    expect(notes).toEqual(['measurement m-2 has no data for this kind of picture and is not in it']);
  });
});

describe('what cannot be drawn', () => {
  const trace = scanOf('light:0', { 'Time (µs)': [0, 1], 'Voltage (V)': [0, 0], 'Current (A)': [0, 0] });
  const current = scanOf('forward', { 'Voltage (V)': [0, 1], 'Current (A)': [0, 1e-3] });
  it.each([
    ['nothing', [], undefined, /no measurement to plot/],
    [
      'too many',
      Array.from({ length: 13 }, () => jvSource()),
      undefined,
      /13 measurements are too many.* 12 at most/,
    ],
    [
      'a kind of another routine',
      [jvSource()],
      'nyquist',
      /"nyquist" does not suit "JV": jv, log_jv, generic/,
    ],
    [
      'routines without a common picture',
      [jvSource(), sourceOf('IPCE', [])],
      undefined,
      /"JV" and "IPCE" cannot share axes/,
    ],
    [
      'units without an area',
      [jvSource(), sourceOf('Dark JV', [current])],
      'jv',
      /unknown area cannot share an axis/,
    ],
    ['no rows', [sourceOf('JV', [])], undefined, /measurement m-1 has no data for a picture of kind jv/],
    [
      'no numbers',
      [sourceOf('TCSPC', [scanOf('decay', { 'Time (ns)': [0, 1], Counts: [0, null] })])],
      undefined,
      /no data/,
    ],
    [
      'photovoltage and photocurrent',
      [sourceOf('TPR', [trace]), sourceOf('TPR', [trace], { settings: { test: 'TPC' } })],
      undefined,
      /cannot share an axis/,
    ],
  ] as const)('%s', async (_, sources, kind: PlotKind | undefined, message) => {
    const error = await rejection(plotMeasurements(sources, kind === undefined ? {} : { kind }));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('draws dark currents of a known area with current densities', async () => {
    const dark = sourceOf('Dark JV', [current], { id: 'm-2', deviceName: 'B' });
    const known = { ...dark, dataset: { ...dark.dataset, info: { areaCm2: 0.1 } } };
    const { kind, svg } = await plotMeasurements([known, jvSource()]);
    expect(kind).toBe('log_jv');
    expect(textsOf(svg)).toContain('|Current density| (mA/cm²)');
  });
});

it('offers kinds for every routine, the usual first', () => {
  expect(plotKindsOf('JV')).toEqual(['jv', 'log_jv', 'generic']);
  expect(plotKindsOf('Dark JV')[0]).toBe('log_jv');
  expect(plotKindsOf('Photo-CELIV')[0]).toBe('celiv');
  expect(plotKindsOf('PLQY')).toEqual(['generic']);
  for (const name of ['something new', 'constructor', '__proto__'])
    expect(plotKindsOf(name)).toEqual(['generic']);
});
