import { InputError } from '../errors.ts';
import { directionOf, findColumn, type Scan } from '../science/dataset.ts';
import type { ChartAxis, ChartPoint, Part } from './chart.ts';
import { decimals } from './format-number.ts';
import { curveOf, mapY } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

export const VOLTAGE: ChartAxis = { name: 'Voltage', unit: 'V', scale: 'linear' };
const FIGURES = [
  ['voc', 3],
  ['jsc', 2],
  ['fill_factor', 1],
  ['efficiency', 2],
] as const;

export interface Sweep {
  part: number;
  name: string;
  /** Forward and reverse of one device are a pair, and share a colour. */
  pair: string;
  scan: Scan;
  points: ChartPoint[];
  cells: string[];
}

/** mA/cm² if every measurement has current densities or an area, else A. */
export function currentAxis(parts: readonly Part[]): ChartAxis {
  const has = (name: string, { source }: Part): boolean =>
    source.dataset.scans.some((scan) => findColumn(scan, name) !== undefined);
  const measured = parts.filter(({ source }) => source.dataset.scans.some(isSweep));
  const density = measured.every(
    (part) => has('Current density', part) || part.source.dataset.info.areaCm2 !== undefined,
  );
  if (density) return { name: 'Current density', unit: 'mA/cm²', scale: 'linear' };
  const without = measured.find((part) => !has('Current', part));
  if (without !== undefined)
    throw new InputError(
      `current densities (${without.source.id}) and currents of an unknown area cannot share an axis`,
      { hint: 'Plot them one by one, or name the area with routine_set_info before measuring.' },
    );
  return { name: 'Current', unit: 'A', scale: 'linear' };
}

/** The scans over voltage, with current or current density as the axis requires. */
export function sweepsOf(parts: readonly Part[], axis: ChartAxis): Sweep[] {
  return parts.flatMap(({ source, name }, part) => {
    const scans = source.dataset.scans.filter(isSweep).map(directed);
    const seen = { forward: 0, reverse: 0, none: 0 };
    const names = scans.length === 2 ? scans.map(({ direction }) => direction ?? '') : scanNames(scans);
    return scans.flatMap((scan, i): Sweep[] => {
      const points = currentOf(scan, axis, source.dataset.info.areaCm2);
      const turn = seen[scan.direction ?? 'none']++;
      const values = FIGURES.map(
        ([figure, digits]) =>
          [source.metrics.filter((metric) => metric.name === figure)[i]?.value ?? undefined, digits] as const,
      );
      if (points === undefined) return [];
      return [
        {
          part,
          name: joined(name, scans.length === 1 ? (scan.direction ?? '') : (names[i] ?? '')),
          pair: `${part} ${turn}`,
          scan,
          points,
          cells: values.map(([value, digits]) => decimals(value, digits)),
        },
      ];
    });
  });
}

/** True for sweeps. Tracking has voltages too, but over time. */
function isSweep(scan: Scan): boolean {
  return findColumn(scan, 'Voltage') !== undefined && findColumn(scan, 'Time') === undefined;
}

function directed(scan: Scan): Scan {
  return { ...scan, direction: scan.direction ?? directionOf(findColumn(scan, 'Voltage')?.values ?? []) };
}

function currentOf(scan: Scan, axis: ChartAxis, areaCm2: number | undefined): ChartPoint[] | undefined {
  if (axis.unit === 'A') return curveOf(scan, ['Voltage', 'Current'], [VOLTAGE, axis]);
  const density = curveOf(scan, ['Voltage', 'Current density'], [VOLTAGE, axis]);
  if (density !== undefined || areaCm2 === undefined) return density;
  const current = curveOf(scan, ['Voltage', 'Current'], [VOLTAGE, { unit: 'mA' }]);
  return current && mapY(current, (milliampere) => milliampere / areaCm2);
}
