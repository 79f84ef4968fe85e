import type { PlotSource } from '../../src/plot/plot-source.ts';
import type { Column, Scan } from '../../src/science/dataset.ts';

type Values = readonly (number | null)[];

export function scanOf(label: string, columns: Record<string, Values>, more: Partial<Scan> = {}): Scan {
  const parsed = Object.entries(columns).map(([heading, values]): Column => {
    const [, name = heading, unit = ''] = /^(.*?)(?: \((.*)\))?$/.exec(heading) ?? [];
    return { name, unit, values: [...values] };
  });
  return { label, conditions: {}, columns: parsed, reported: {}, ...more };
}

export function sourceOf(routine: string, scans: Scan[], more: Partial<PlotSource> = {}): PlotSource {
  return {
    id: 'm-1',
    routine,
    deviceName: 'A1',
    startedAt: '2026-03-01T10:00:05.000Z',
    simulated: false,
    settings: null,
    applied: null,
    dataset: { routine, info: {}, scans, notes: [] },
    metrics: [],
    ...more,
  };
}

/** A cell of 22 mA/cm² and 1.1 V, both ways. */
export function jvSource(more: Partial<PlotSource> = {}): PlotSource {
  const volts = Array.from({ length: 60 }, (_, i) => -0.05 + i * 0.02);
  const current = (v: number): number => 22 * (1 - Math.exp((v - 1.1) / 0.06));
  const figure = (scan: string, name: string, value: number, unit: string) => ({
    name,
    value,
    unit,
    scan,
    method: 'test',
    version: 1,
  });
  return sourceOf(
    'JV',
    [
      scanOf(
        'forward',
        { 'Voltage (V)': volts, 'Current density (mA/cm²)': volts.map(current) },
        { direction: 'forward' },
      ),
      scanOf(
        'reverse',
        { 'Voltage (V)': volts.toReversed(), 'Current density (mA/cm²)': volts.toReversed().map(current) },
        { direction: 'reverse' },
      ),
    ],
    {
      metrics: ['forward', 'reverse'].flatMap((scan) => [
        figure(scan, 'voc', 1.1, 'V'),
        figure(scan, 'jsc', 22, 'mA/cm²'),
        figure(scan, 'fill_factor', 78.12, '%'),
        figure(scan, 'efficiency', scan === 'forward' ? 18.9 : 19.05, '%'),
      ]),
      ...more,
    },
  );
}

/** The texts of an SVG, as a reader sees them. */
export function textsOf(svg: string): string[] {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole),
  );
}

/** Width and height from the header of a PNG. */
export function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
