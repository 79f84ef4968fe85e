import type { MeasurementRecord } from '../archive/record.ts';
import { RECOVER } from './choose-entry.ts';

/** Tells what to do about a measurement that was begun and whose data is not here. */
export function recoverHint({ id }: Pick<MeasurementRecord, 'id'>): string {
  return `${RECOVER} ${id} fetches its data, if the instrument still has it.`;
}
