import { describe, expect, it } from 'vitest';
import type { Column, Dataset } from '../../../src/science/dataset.ts';
import { analyseCeliv } from '../../../src/science/metrics/celiv.ts';
import { analyseContact } from '../../../src/science/metrics/connection-test.ts';
import { analyseDarkJv } from '../../../src/science/metrics/dark-jv.ts';
import { analyseJv } from '../../../src/science/metrics/jv.ts';
import type { Analysis } from '../../../src/science/metrics/metric.ts';
import { analyseTracking } from '../../../src/science/metrics/mppt.ts';
import { analyseResistivity } from '../../../src/science/metrics/resistivity.ts';
import { analyseTcspc } from '../../../src/science/metrics/tcspc.ts';
import { analyseTransients } from '../../../src/science/metrics/transient.ts';

/** More values than a spread into a function call takes. */
const N = 300_000;

function data(...columns: Column[]): Dataset {
  const scan = { label: 'long', conditions: {}, columns, reported: {} };
  return { routine: '', info: {}, scans: [scan], notes: [] };
}
function column(name: string, unit: string, value: (i: number) => number): Column {
  return { name, unit, values: Array.from({ length: N }, (_, i) => value(i)) };
}

const at = (i: number): number => -0.1 + (1.3 * i) / N;
const volts = column('Voltage', 'V', at);
const density = column('Current density', 'mA/cm²', (i) => 20 - 1e-12 * Math.exp(at(i) / 0.035));
const dark = column('Current', 'A', (i) => at(i) / 5e5 + 1e-15 * Math.exp(at(i) / 0.04));
const pulse = (i: number): number => (i < 1000 ? 0 : i < 100_000 ? 1 : Math.exp((100_000 - i) / 5000));
/** From 1 at the start of the ramp to 1.5 at a tenth of it. */
const extraction = (x: number): number => 1 + 0.5 * 10 * x * Math.exp(1 - 10 * x);
const unknown = undefined;

const CASES: [routine: string, metric: string, expected: number, analyse: () => Analysis][] = [
  [
    'JV',
    'jsc',
    20,
    () =>
      analyseJv(data(volts, density), {
        irradiance: () => 100,
        areaCm2: 0.1,
        temperatureC: 25,
        compliance: unknown,
        pointsAsked: unknown,
        autoVoc: false,
      }),
  ],
  [
    'Dark JV',
    'r_shunt',
    5e5,
    () => analyseDarkJv(data(volts, dark), { areaCm2: unknown, temperatureC: 25, compliance: unknown }),
  ],
  [
    'MPPT',
    'stabilised_power',
    17,
    () =>
      analyseTracking(
        data(
          column('Time', 's', (i) => 5 * i),
          column('Power', 'mW/cm²', () => 17),
        ),
        {
          irradiance: 100,
          areaCm2: 0.1,
        },
      ),
  ],
  [
    'Resistivity',
    'sheet_resistance',
    (Math.PI / Math.LN2) * 20,
    () =>
      analyseResistivity(
        data(
          column('Voltage', 'V', (i) => 2e-8 * (i + 1)),
          column('Current', 'A', (i) => 1e-9 * (i + 1)),
        ),
        { thicknessUm: unknown, lengthMm: unknown, widthMm: unknown, voltageLimit: unknown },
      ),
  ],
  [
    'TPR',
    'lifetime',
    500,
    () =>
      analyseTransients(
        data(
          column('Time', 'µs', (i) => i * 0.1),
          column('Voltage', 'V', (i) => 1 + 0.01 * pulse(i)),
          column('Current', 'A', () => 0),
        ),
        { quantity: 'voltage', sampleTime: unknown, temperatureC: 25 },
      ),
  ],
  [
    'Photo-CELIV',
    't_max',
    2e-5,
    () =>
      analyseCeliv(
        data(
          column('Time', 's', (i) => (2e-4 * i) / N),
          column('Voltage', 'V', (i) => -i / N),
          column('Current', 'A', (i) => 1e-3 * extraction(i / N)),
        ),
        {
          thickness: 5e-7,
          rampStart: 0,
          rampEnd: -1,
          rampDuration: 2e-4,
          delaysAsked: 1,
          currentLimit: unknown,
          areaCm2: 0.1,
          light: true,
        },
      ),
  ],
  [
    // Flat: a fit of so many bins, four times what the hardware has, would take half a minute.
    'TCSPC',
    'total_counts',
    5 * N,
    () =>
      analyseTcspc(
        data(
          column('Time', 'ns', (i) => 0.025 * i),
          column('Counts', '', () => 5),
        ),
        {
          syncRate: unknown,
          ratio: unknown,
        },
      ),
  ],
  [
    'Connection Test',
    'differential_resistance',
    1000,
    () =>
      analyseContact(
        data(
          column('Voltage', 'V', (i) => (i < N / 2 ? 0 : 1)),
          column('Current', 'A', (i) => (i < N / 2 ? 1e-3 : 0)),
        ),
        { currentLimit: 0.01, voltageLimit: 6 },
      ),
  ],
];

describe('the analysis of 300 000 points', () => {
  it.each(CASES)('of %s gives %s as that of few', (_, name, expected, analyse) => {
    const value = analyse().metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    // The cubic through the top of an extraction peak is good to 0.5 %, the rest is nearly exact.
    expect(Math.abs(value / expected - 1)).toBeLessThan(0.01);
  });
});
