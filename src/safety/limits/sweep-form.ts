import { isRecord } from '../../text/is-record.ts';
import { type Exposures, lit, NOTHING, together } from './envelope.ts';
import { flag, members, number, oneOf, optional, type Reader, considering } from './reader.ts';

const row = (type: string): Reader =>
  members({ Type: oneOf(type), Enable: optional(flag), Start: number, End: number, Step: number });
const scanRate = row('Scan Rate');
const light = considering(row('Light'), (value) => {
  if (!isRecord(value) || value['Enable'] === false) return NOTHING;
  const { Start: start, End: end } = value;
  if (typeof start !== 'number' || typeof end !== 'number' || Math.min(start, end) < 0) return undefined;
  return lit('sweep_settings › Light', Math.max(start, end) / 100);
});

/** Rows of the sweep editor: of light and of scan rate. What others would sweep is not known. */
export const sweepRows: Reader = (value, at) => {
  if (!Array.isArray(value)) return undefined;
  const rows = value.map((one: unknown) => light(one, at) ?? scanRate(one, at));
  const understood = rows.filter((one): one is Exposures => one !== undefined);
  return understood.length === rows.length ? together(...understood) : undefined;
};
