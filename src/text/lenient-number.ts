import * as z from 'zod';

/** A finite number, also where it was sent as a string; NaN, Infinity and anything else read as undefined. */
export const lenientNumber = z
  .unknown()
  .optional()
  .transform((value): number | undefined => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  });
