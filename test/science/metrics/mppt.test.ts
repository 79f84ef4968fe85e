import { describe, expect, it } from 'vitest';
import type { Column, Dataset } from '../../../src/science/dataset.ts';
import { analyseTracking } from '../../../src/science/metrics/mppt.ts';

const LIGHT = { irradiance: 100, areaCm2: 0.1 };

function dataset(...columns: Column[]): Dataset {
  return {
    routine: 'MPPT',
    info: {},
    scans: [{ label: 'tracking', conditions: {}, columns, reported: {} }],
    notes: [],
  };
}
const column = (name: string, unit: string, values: (number | null)[]): Column => ({ name, unit, values });
const time = Array.from({ length: 101 }, (_, i) => i * 5);
/** 17 mW/cm², approached from 16 with 20 s. */
const power = time.map((t) => 17 - Math.exp(-t / 20));

describe('tracked power', () => {
  it('is the mean of the last tenth of the time', () => {
    const { metrics, warnings } = analyseTracking(
      dataset(
        column('Time', 's', time),
        column(
          'Voltage',
          'V',
          time.map(() => 0.9),
        ),
        column('Power', 'mW/cm²', power),
      ),
      LIGHT,
    );
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    // Of e^(−t/20 s) nothing is left after 450 s.
    expect(value('stabilised_power')).toBeCloseTo(17, 6);
    expect(value('stabilised_efficiency')).toBeCloseTo(17, 6);
    expect(value('stabilised_voltage')).toBeCloseTo(0.9, 12);
    expect(value('drift')).toBeCloseTo(0, 5);
    expect(metrics[0]?.method).toBe('mean of the last 11 of 101 points');
    expect(warnings).toEqual([]);
  });

  it('is the same in other units, and from voltage and current', () => {
    const volts = column(
      'Voltage',
      'V',
      time.map(() => 0.8),
    );
    const hours = column(
      'Time',
      'h',
      time.map((t) => t / 3600),
    );
    const forms = [
      dataset(
        hours,
        column(
          'Power',
          'W/cm²',
          power.map((p) => p / 1000),
        ),
      ),
      dataset(
        column(
          'Time',
          'min',
          time.map((t) => t / 60),
        ),
        column(
          'Power',
          'µW',
          power.map((p) => p * 100),
        ),
      ),
      dataset(
        hours,
        volts,
        column(
          'Current density',
          'mA/cm²',
          power.map((p) => p / 0.8),
        ),
      ),
      dataset(
        hours,
        volts,
        column(
          'Current',
          'A',
          power.map((p) => p / 0.8 / 1e4),
        ),
      ),
    ];
    for (const form of forms) {
      const { metrics } = analyseTracking(form, LIGHT);
      expect(metrics[0]?.value).toBeCloseTo(17, 6);
      expect(metrics.find(({ name }) => name === 'drift')?.method).toContain('50.0 s');
    }
  });

  it('is said not to be stable while it drifts', () => {
    const falling = time.map((t) => 17 * (1 - t / 2000));
    const { metrics, warnings } = analyseTracking(
      dataset(column('Time', 's', time), column('Power', 'mW/cm²', falling)),
      LIGHT,
    );
    // 50 s of 2000 s, over a mean of 17 · (1 − 475/2000).
    expect(metrics.find(({ name }) => name === 'drift')?.value).toBeCloseTo(
      (-100 * 50) / 2000 / (1 - 475 / 2000),
      6,
    );
    expect(warnings).toEqual([expect.stringContaining('not stabilised')]);
  });

  it('is said not to be stable where it drifts by more than 1 %/min at the end, though less than 1 % in all', () => {
    const drifting = (perMinute: number) => time.map((t) => 17 * (1 + ((t - 475) / 60) * (perMinute / 100)));
    const noisy = (i: number) => 1 + (i % 2 === 0 ? 0.01 : -0.01);
    const warningsOf = (values: number[]) =>
      analyseTracking(dataset(column('Time', 's', time), column('Power', 'mW/cm²', values)), LIGHT).warnings;
    expect(warningsOf(drifting(1.1))).toEqual([expect.stringContaining('1.1 %/min: not stabilised')]);
    expect(warningsOf(drifting(-1.1))).toEqual([expect.stringContaining('-1.1 %/min')]);
    expect(warningsOf(drifting(0.9))).toEqual([]);
    // Eleven points that alternate by 1 % have a slope by chance alone.
    expect(warningsOf(time.map((_, i) => 17 * noisy(i)))).toEqual([]);
  });

  it.each([
    ['few points', [0, 60, 120], [17, 17, 17], 'only 3 points'],
    ['a short time', time.slice(0, 12), Array.from({ length: 12 }, () => 17), 'only 55 s'],
    ['a lost contact', time, power.map((p, i) => (i < 80 ? p : 0)), 'the power has gone'],
    ['no power', time, power.map(() => -0.1), 'gives no power'],
  ])('is doubted for %s', (_, times, values, warning) => {
    const data = dataset(column('Time', 's', times), column('Power', 'mW/cm²', values));
    expect(analyseTracking(data, LIGHT).warnings).toEqual([expect.stringContaining(warning)]);
  });

  it('is not one point', () => {
    const { metrics, warnings } = analyseTracking(
      dataset(column('Time', 's', [5]), column('Voltage', 'V', [0.9]), column('Power', 'mW/cm²', [17])),
      LIGHT,
    );
    expect(metrics.map(({ value }) => value)).toEqual([null, null, null, null, null]);
    expect(warnings).toEqual([expect.stringContaining('only one point')]);
  });

  it('is not computed where the columns are not known, and nothing throws', () => {
    const unknown = dataset(column('Wavelength', 'nm', [1]), column('Counts', '', [2]));
    expect(analyseTracking(unknown, LIGHT)).toMatchObject({ metrics: [], warnings: [expect.any(String)] });
    expect(analyseTracking({ ...unknown, scans: [] }, LIGHT)).toEqual({ metrics: [], warnings: [] });
    const noArea = dataset(column('Time', 's', [0]), column('Power', 'mW', [1]));
    expect(analyseTracking(noArea, { ...LIGHT, areaCm2: undefined }).metrics).toEqual([]);
    const missing = dataset(column('Time', 's', [null, 5]), column('Power', 'mW/cm²', [1, null]));
    expect(analyseTracking(missing, LIGHT).metrics).toEqual([]);
  });
});
