import * as z from 'zod';

/**
 * A name or a line: it may reach the instrument, a file or a sentence, where control characters have no business.
 * @param max characters
 */
export function plainText(max: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/\p{Cc}/u.test(text), 'no control characters')
    .refine((text) => text === '' || text.trim() !== '', 'not only spaces');
}
