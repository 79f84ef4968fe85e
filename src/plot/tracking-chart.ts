import { type Column, findColumn, type Scan } from '../science/dataset.ts';
import type { Chart, ChartAxis, Entry, Part } from './chart.ts';
import { pointsOf } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

const VOLTAGE: ChartAxis = { name: 'Voltage', unit: 'V', scale: 'linear' };

/** Power over time, and its voltage. */
export function trackingChart(parts: readonly Part[]): Chart {
  const all = parts.flatMap(({ source, name }, part) => {
    const scans = source.dataset.scans.filter((scan) => findColumn(scan, 'Time') !== undefined);
    const names = scanNames(scans);
    return scans.flatMap((scan, i) => {
      const [time, power] = [findColumn(scan, 'Time'), powerOf(scan)];
      const voltage = findColumn(scan, 'Voltage');
      if (time === undefined || power === undefined) return [];
      return [{ part, name: joined(name, names[i] ?? ''), time, power, voltage }];
    });
  });
  const unit = all[0]?.power.unit ?? 'mW/cm²';
  const x: ChartAxis = { name: 'Time', unit: all[0]?.time.unit ?? 's', scale: 'linear' };
  const left: ChartAxis = {
    name: unit.endsWith('/cm²') ? 'Power density' : 'Power',
    unit,
    scale: 'linear',
    fromZero: true,
  };
  const held = all.some(({ voltage }) => voltage !== undefined);
  return {
    x,
    left,
    ...(held ? { right: { ...VOLTAGE, fromZero: true } } : {}),
    entries: all.map(
      ({ part, name, time, power, voltage }, group): Entry => ({
        part,
        group,
        name,
        curves: [
          {
            points: pointsOf(time, power, [x, left]),
            line: 'solid',
            symbols: all.length > 1 ? 'some' : 'none',
          },
          ...(voltage === undefined
            ? []
            : [{ points: pointsOf(time, voltage, [x, VOLTAGE]), line: 'dashed', axis: 'right' } as const]),
        ],
      }),
    ),
    key: held ? ['solid: power, dashed: voltage'] : [],
    notes: [],
  };
}

/** Power as sent, or voltage times current. */
function powerOf(scan: Scan): Column | undefined {
  const sent = findColumn(scan, 'Power');
  if (sent !== undefined) return sent;
  const voltage = findColumn(scan, 'Voltage');
  const current = findColumn(scan, 'Current density') ?? findColumn(scan, 'Current');
  if (voltage?.unit !== 'V' || current === undefined) return undefined;
  return {
    name: 'Power',
    unit: current.unit.replace('A', 'W'),
    values: voltage.values.map((volts, i) => {
      const amperes = current.values[i] ?? null;
      return volts === null || amperes === null ? null : volts * amperes;
    }),
  };
}
