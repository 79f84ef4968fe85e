import * as z from 'zod';
import { lenientNumber } from '../../text/lenient-number.ts';

const points = z.looseObject({ 'points done': z.number(), 'total points': z.number().optional() });

/**
 * "520 nm, 12 of 40 wavelengths", from a progress with "points done" and perhaps "total points"; undefined for any
 * other.
 * @param at the member that says where it is
 * @param where that, in words
 */
export function pointsProgress(
  progress: unknown,
  at: string,
  where: (value: number) => string,
  what: string,
): string | undefined {
  const parsed = points.safeParse(progress).data;
  if (parsed === undefined) return undefined;
  const value = lenientNumber.parse(parsed[at]);
  return `${value === undefined ? '' : `${where(value)}, `}${parsed['points done']} of ${parsed['total points'] ?? '?'} ${what}`;
}
