import * as z from 'zod';
import { lenientNumber } from '../../text/lenient-number.ts';
import { progressFraction, type RoutineProgress, routineProgress } from '../progress.ts';

const points = z.looseObject({ 'points done': z.number(), 'total points': z.number().optional() });

/**
 * Reads a progress with "points done" and perhaps "total points"; undefined for any other.
 * @param member the member that says where it is, and name and unit of that
 * @param counted word for the points
 */
export function pointsProgress(
  progress: unknown,
  { member, name, unit }: { member: string; name: string; unit: string },
  counted: string,
): RoutineProgress | undefined {
  const parsed = points.safeParse(progress).data;
  if (parsed === undefined) return undefined;
  const value = lenientNumber.parse(parsed[member]);
  return routineProgress({
    at: value === undefined ? [] : [{ name, value, unit }],
    done: parsed['points done'],
    total: parsed['total points'],
    counted,
    fraction: progressFraction(progress),
  });
}
