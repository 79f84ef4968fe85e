import * as z from 'zod';
import type { Dataset } from '../science/dataset.ts';

const quantities = z.record(z.string(), z.object({ value: z.number().nullable(), unit: z.string() }));

const datasetSchema: z.ZodType<Dataset> = z.looseObject({
  routine: z.string(),
  info: z.looseObject({
    user: z.string().optional(),
    device: z.string().optional(),
    areaCm2: z.number().optional(),
    temperatureC: z.number().optional(),
    acquiredAt: z.string().optional(),
  }),
  scans: z.array(
    z.looseObject({
      label: z.string(),
      direction: z.enum(['forward', 'reverse']).optional(),
      conditions: quantities,
      columns: z.array(
        z.looseObject({ name: z.string(), unit: z.string(), values: z.array(z.number().nullable()) }),
      ),
      reported: quantities,
    }),
  ),
  notes: z.array(z.string()),
});

/** `data.json`. On one line: thousands of numbers on a line each help nobody. */
export function writeDataset(dataset: Dataset): string {
  return `${JSON.stringify(dataset)}\n`;
}

/** Throws ZodError where it is not what `writeDataset` wrote. */
export function readDataset(value: unknown): Dataset {
  return datasetSchema.parse(value);
}
