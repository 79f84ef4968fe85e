import { InputError } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { closeIds, isId } from './ids.ts';
import type { MeasurementRecord } from './record.ts';

/** @param known the ids that there are: those most like it are named */
export function noSuchMeasurement(id: string, known: readonly string[]): InputError {
  const close = closeIds(id, known);
  const what = isId(id) ? 'there is no measurement' : 'this is not the id of a measurement:';
  const like = close.length === 0 ? '' : ` Like it are ${close.join(', ')}.`;
  return new InputError(`${what} ${quote(id)}`, {
    code: 'no_such_measurement',
    hint: `Call list_measurements for the ids.${like}`,
  });
}

export function alreadyComplete(id: string): InputError {
  return new InputError(`${id} is complete: there is nothing to recover`, {
    code: 'already_complete',
    hint: `get_measurement ${id} shows it.`,
  });
}

export function beingMeasured({ id, process: { host, pid } }: MeasurementRecord): InputError {
  return new InputError(
    `${id} is being measured or recovered by a server that lives: ${host}, process ${pid}`,
    {
      code: 'measurement_running',
      hint: 'Wait until list_measurements shows that it has ended.',
    },
  );
}
