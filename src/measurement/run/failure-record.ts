import type { MeasurementRecord } from '../../archive/record.ts';
import type { Failure } from './measured.ts';

/** A failure as the record keeps it. @param instrumentState what the instrument said then; null where nobody asked */
export function failureRecord(
  failure: Pick<Failure, 'step' | 'error'> | undefined,
  instrumentState: string | null,
): MeasurementRecord['failure'] {
  if (failure === undefined) return null;
  const { step, error } = failure;
  return { step, code: error.code, message: error.message, instrument_state: instrumentState };
}
