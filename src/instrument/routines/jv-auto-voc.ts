import { type Dataset, findColumn, type Scan } from '../../science/dataset.ts';
import { JV_PATHS } from './jv-paths.ts';
import { readNumber, readSetting } from './read-setting.ts';
import type { Settings } from '../settings.ts';

/** Steps by which the last point may miss where the scan was to end. */
const NEARLY = 1.5;

/**
 * Whether a JV measurement that is shorter than its range may have been ended by Auto Voc: all directions that were
 * asked are there, what rises has reached Voc, and what falls has come down to the first voltage.
 */
export function endedAtVoc({ scans }: Dataset, settings: Settings): boolean {
  if (readSetting(settings, JV_PATHS.autoVoc) !== true) return false;
  const order = readSetting(settings, JV_PATHS.order);
  const asked = (['forward', 'reverse'] as const).filter(
    (direction) => typeof order === 'string' && order.toLowerCase().includes(direction),
  );
  const lowest = readNumber(settings, JV_PATHS.start);
  const step = readNumber(settings, JV_PATHS.step) ?? 0;
  const isWhole = (scan: Scan): boolean => {
    if (scan.direction !== 'reverse') return crossesZero(scan);
    const last = findColumn(scan, 'Voltage')?.values.at(-1);
    return typeof last === 'number' && (lowest === undefined || last <= lowest + NEARLY * step);
  };
  return (
    asked.every((direction) => scans.some((scan) => scan.direction === direction)) && scans.every(isWhole)
  );
}

function crossesZero(scan: Scan): boolean {
  const current = findColumn(scan, 'Current density') ?? findColumn(scan, 'Current');
  const values = (current?.values ?? []).filter((value): value is number => value !== null);
  return values.some((value) => value > 0) && values.some((value) => value < 0);
}
