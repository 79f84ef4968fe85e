import * as z from 'zod';
import { normaliseUnit, scaleBetween } from '../../science/units.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import {
  progressFraction,
  type ProgressReading,
  type RoutineProgress,
  routineProgress,
} from '../progress.ts';

const reading = z
  .looseObject({ value: lenientNumber, unit: z.string().default('') })
  .optional()
  .catch(undefined);

const running = z.looseObject({
  direction: z.string().optional(),
  voltage: reading,
  current: reading,
  'points done': z.number(),
  'total points': z.number().optional(),
  sweep_index: z.number().optional(),
  total_scans: z.number().optional(),
});

/** Reads the progress of a staircase of voltages; undefined without "points done". Voltages in V, densities in mA/cm². */
export function scanProgress(progress: unknown): RoutineProgress | undefined {
  const parsed = running.safeParse(progress).data;
  if (parsed === undefined) return undefined;
  const { direction, voltage, current, total_scans: scans = 1, sweep_index: index = 0 } = parsed;
  return routineProgress({
    at: [...readingOf('Voltage', voltage, 'V'), ...currentOf(current)],
    scan: direction?.toLowerCase(),
    run: scans > 1 ? { number: index + 1, total: scans } : undefined,
    done: parsed['points done'],
    total: parsed['total points'],
    counted: 'points',
    fraction: progressFraction(progress),
  });
}

type Sent = z.output<typeof reading>;

function readingOf(name: string, sent: Sent, unit: string): ProgressReading[] {
  return sent?.value === undefined
    ? []
    : [{ name, value: sent.value, unit: sent.unit === '' ? unit : normaliseUnit(sent.unit) }];
}

/** Current densities as in the data of JV, a current as such. */
function currentOf(sent: Sent): ProgressReading[] {
  return readingOf('Current', sent, 'A').map(({ name, value, unit }) => {
    const scale = scaleBetween(unit, 'mA/cm²');
    return scale === undefined
      ? { name, value, unit }
      : { name: 'Current density', value: value * scale, unit: 'mA/cm²' };
  });
}
