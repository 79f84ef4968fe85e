import type { Dataset } from '../science/dataset.ts';
import { VERSION } from '../version.ts';
import type { MeasurementRecord } from '../archive/record.ts';

const ABOUT =
  'measurement: what was asked, settings as the instrument returned them, conditions, and figures with method, unit and the instrument’s own value (reported). dataset: scans of named columns with units; null is a missing value. Times are UTC.';

/** Writes record and data as one self-explanatory JSON object, UTF-8. */
export function toJson(record: MeasurementRecord, dataset: Dataset): string {
  const { simulated, simulator } = record;
  return `${JSON.stringify({
    format: 'arkeo-mcp export',
    format_version: 1,
    exported_by: `arkeo-mcp ${VERSION}`,
    simulated,
    ...(simulated
      ? { notice: `SIMULATED by ${simulator ?? 'a simulator'}: not measured on an instrument` }
      : {}),
    about: ABOUT,
    measurement: record,
    dataset,
  })}\n`;
}
