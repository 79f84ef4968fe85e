import * as z from 'zod';

/** The answer of every command tool. */
export const commandOutput = z.strictObject({
  target: z.string(),
  command: z.string(),
  data: z.unknown().describe('As the instrument sent it; numbers JSON cannot carry are null.'),
  elapsed_ms: z.number(),
  simulated: z.boolean(),
  warnings: z.array(z.string()),
});
