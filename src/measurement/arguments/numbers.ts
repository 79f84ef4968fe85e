import * as z from 'zod';

/**
 * A number whose bounds only catch slips of the unit. They are checked, but not listed with the tool: that would cost
 * every conversation more than they tell. See `QUIET_BOUNDS`.
 */
export function within(min: number, max: number): z.ZodNumber {
  return z
    .number()
    .min(min)
    .max(max)
    .meta({ [QUIET_BOUNDS]: true });
}

/** Likewise, a count. */
export function count(max: number, min = 1): z.ZodInt {
  return z
    .int()
    .min(min)
    .max(max)
    .meta({ [QUIET_BOUNDS]: true });
}

/** Marks a schema whose bounds are not listed with the tool. */
export const QUIET_BOUNDS = 'quietBounds';
