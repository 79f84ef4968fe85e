import * as z from 'zod';
import type { Dataset } from '../../science/dataset.ts';
import { lenientNumber } from '../../text/lenient-number.ts';

const text = z.string().optional().catch(undefined);
const reply = z.looseObject({
  user: text,
  device: text,
  area_cm2: lenientNumber,
  'Area (cm2)': lenientNumber,
  area: z.looseObject({ value: lenientNumber }).optional().catch(undefined),
  temperature: lenientNumber,
  acquisition_time: text,
  time: text,
});

/** Whose data it is, under any of the documented names. */
export function readInfo(data: unknown): Dataset['info'] {
  const parsed = reply.safeParse(data).data;
  if (parsed === undefined) return {};
  const acquiredAt = parsed.acquisition_time ?? parsed.time;
  return {
    user: parsed.user,
    device: parsed.device,
    areaCm2: parsed.area_cm2 ?? parsed['Area (cm2)'] ?? parsed.area?.value,
    // Without a controller the instrument reports exactly 0: that is no temperature.
    temperatureC: parsed.temperature === 0 ? undefined : parsed.temperature,
    // LabVIEW's unset time.
    acquiredAt: acquiredAt?.startsWith('1904-01-01') === true ? undefined : acquiredAt,
  };
}
