import { describe, expect, it } from 'vitest';
import { compareMeasurements } from '../../src/tools/compare-measurements.ts';
import { figure, storedMeasurements } from './stored.ts';

const stored = storedMeasurements();
const settings = (rate: number) => ({ scan: { 'Rate (V/s)': rate, Order: 'Forward Only' } });
const temperatures = (stage_c: number) => [
  { address: 1, channel: 1, stage_c, target_c: 25, sink_c: 30, active: true },
];

describe('compare_measurements', () => {
  it('shows figures of each scan with their difference from the first', async () => {
    const { keep, call } = stored();
    const ids = [
      await keep({ metrics: [figure('voc', 1, 'V', 'forward'), figure('voc', 1.1, 'V', 'reverse')] }),
      await keep({
        metrics: [figure('voc', 1.05, 'V', 'forward'), figure('fill_factor', 80, '%', 'forward')],
      }),
    ];
    const { text, structured } = await call(compareMeasurements, { ids });
    expect(text).toBe(
      [
        `# 1, ${ids[0]}, JV, "B12-P3", warnings 0`,
        `# 2, ${ids[1]}, JV, "B12-P3", warnings 0`,
        '| figure | #1 | #2 |',
        '| --- | --- | --- |',
        '| voc "forward" (V) | 1.0000 | 1.0500 (+0.0500, +5.0 %) |',
        '| voc "reverse" (V) | 1.1000 | – |',
        '| fill_factor "forward" (%) | – | 80.00 |',
        'Note: settings, conditions and sample are the same',
      ].join('\n'),
    );
    expect(structured.figures[0]).toMatchObject({ values: [1, 1.05], percent: [null, 5] });
    expect(structured.figures[1]).toMatchObject({ differences: [null, null], percent: [null, null] });
  });

  it('says before the figures what is not alike', async () => {
    const { keep, call } = stored();
    const of = (leds: number[], stage: number) => ({
      leds: [{ address: 1, values: leds }],
      relays: [true, false],
      temperatures: temperatures(stage),
    });
    const metrics = [figure('voc', 1, 'V')];
    const ids = [
      await keep({ metrics, settings: settings(0.2), conditions: of([1, 0], 25.02) }),
      await keep({
        metrics,
        settings: settings(0.5),
        conditions: of([1, 0.5], 25.4),
        area_cm2: 0.09,
        simulated: true,
      }),
      await keep({
        metrics: [{ ...figure('voc', 1, 'V'), version: 2 }],
        settings: settings(0.2),
        conditions: of([1, 0], 44.87),
        device_name: 'x',
      }),
    ];
    const { text, structured } = await call(compareMeasurements, { ids });
    expect(structured).toMatchObject({
      simulated: null,
      unlike: [
        'simulated: false | true | false',
        'device: "B12-P3" | "B12-P3" | "x"',
        'area (cm²): 0.1 | 0.09 | 0.1',
        'scan › Rate (V/s): 0.2 | 0.5 | 0.2',
        'stage temperature (°C): 25 | 25.4 | 44.9',
        'LEDs: "1 0" | "1 0.5" | "1 0"',
        'computed by different versions: voc',
      ],
    });
    expect(structured.measurements.map(({ simulated }) => simulated)).toEqual([false, true, false]);
    expect(text.indexOf('Unlike')).toBeLessThan(text.indexOf('| figure |'));
  });

  it('a stage that wanders by less than half a degree is alike; unknown settings are said to be', async () => {
    const { keep, call } = stored();
    const at = (stage: number) => ({ leds: null, relays: null, temperatures: temperatures(stage) });
    const alike = [await keep({ conditions: at(25.1) }), await keep({ conditions: at(25.4) })];
    expect((await call(compareMeasurements, { ids: alike })).structured.unlike).toEqual([]);
    const unknown = [await keep(), await keep({ settings: null })];
    expect((await call(compareMeasurements, { ids: unknown })).structured.unlike).toContain(
      'settings of #2 are not known',
    );
  });

  it('shows uncertainties, and which differences are within them', async () => {
    const { keep, call } = stored();
    const shunt = (value: number, uncertainty?: number) => ({
      metrics: [{ ...figure('r_shunt', value, 'Ω·cm²', 'reverse'), uncertainty }],
    });
    const ids = [
      await keep(shunt(1850, 240.4)),
      await keep(shunt(3508, 860)),
      await keep(shunt(1850 + 500, 50)),
      await keep(shunt(1800)),
    ];
    const { text, structured } = await call(compareMeasurements, { ids });
    expect(text).toContain(
      '| 1850 ± 240 | 3510 ± 860 (+1660, +89.6 %, within 2 σ) | 2350 ± 50 (+500, +27.0 %, beyond 2 σ) | 1800 (−50, −2.7 %, within 2 σ) |',
    );
    expect(structured.figures).toMatchObject([
      { uncertainties: [240, 860, 50, null], within_2_sigma: [null, true, false, true] },
    ]);
  });

  it('does not count how the data was read as a warning', async () => {
    const { keep, call } = stored();
    const read = 'how the data was read: current densities were multiplied by 1000';
    const ids = [
      await keep({ warnings: [read, `before it was recovered: ${read}`] }),
      await keep({ warnings: ['a', read] }),
    ];
    const { structured } = await call(compareMeasurements, { ids });
    expect(structured.measurements.map(({ warnings }) => warnings)).toEqual([0, 1]);
  });

  it('says which ended early or has warnings', async () => {
    const { keep, call } = stored();
    const ids = [await keep({ warnings: ['a', 'b'] }), await keep({}, null, 'failed')];
    const { structured } = await call(compareMeasurements, { ids });
    expect(structured.measurements.map(({ warnings }) => warnings)).toEqual([2, 0]);
    expect(structured.warnings).toEqual([expect.stringContaining(`${ids[1]} is failed`)]);
    expect(structured.unlike).toContain('state: "complete" | "failed"');
  });

  it('of different routines only what is the same quantity', async () => {
    const { keep, call } = stored();
    const jv = await keep({
      metrics: [
        figure('jsc', 20, 'mA/cm²', 'forward'),
        figure('jsc', 21, 'mA/cm²', 'reverse'),
        figure('voc', 1, 'V', 'forward'),
      ],
    });
    const eqe = await keep({
      routine: 'IPCE',
      metrics: [figure('jsc_integrated', 22, 'mA/cm²', 'IPCE'), figure('band_gap', 1.6, 'eV', 'IPCE')],
    });
    const decay = await keep({ routine: 'TCSPC', metrics: [figure('tau_mono', 3, 'ns')] });
    const { structured } = await call(compareMeasurements, { ids: [jv, eqe] });
    expect(structured.unlike).toContain('routine: "JV" | "IPCE"');
    expect(structured.figures).toMatchObject([
      { name: 'jsc', scan: 'forward', values: [20, 22], percent: [null, 10] },
      { name: 'jsc', scan: 'reverse', values: [21, 22] },
    ]);
    const reversed = await call(compareMeasurements, { ids: [eqe, jv] });
    expect(reversed.structured.figures).toMatchObject([
      { name: 'jsc', scan: 'forward', values: [22, 20] },
      { name: 'jsc', scan: 'reverse', values: [22, 21] },
    ]);
    const refused = await call(compareMeasurements, { ids: [jv, decay] });
    expect(refused.isError).toBe(true);
    expect(refused.text).toContain('have no figure in common');
  });

  it('does not compare a measurement with itself, and copes with none having figures', async () => {
    const { keep, call } = stored();
    const ids = [await keep({ metrics: [] }), await keep({ metrics: [] })];
    expect((await call(compareMeasurements, { ids: [ids[1], 'latest'] })).text).toContain('is named twice');
    expect((await call(compareMeasurements, { ids })).structured.figures).toEqual([]);
  });
});
