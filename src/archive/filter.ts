import * as z from 'zod';
import { InputError } from '../errors.ts';
import { quote } from '../text/quote.ts';
import type { MeasurementState, MeasurementSummary } from './summary.ts';

/** All that is given must hold. Texts are compared without regard to case. */
export interface ListFilter {
  /** Part of the device's name. */
  device?: string | undefined;
  /** Part of the routine's name. */
  routine?: string | undefined;
  /** Started then or later: `2026-11-22` or `2026-11-22T21:14:05Z`; UTC where no offset is given. */
  from?: string | undefined;
  /** Started then or earlier; a date includes its day. */
  to?: string | undefined;
  /** Part of the id, the device, the user, the note or the routine. */
  text?: string | undefined;
  state?: MeasurementState | undefined;
  /** At most so many entries; all without it. */
  limit?: number | undefined;
  /** So many of the newest are left out. */
  offset?: number | undefined;
}

/** A test for the conditions of the filter. Throws InputError for a date that cannot be read. */
export function matcher({
  device,
  routine,
  from,
  to,
  text,
  state,
}: ListFilter): (summary: MeasurementSummary) => boolean {
  const earliest = from === undefined ? -Infinity : readTime('from', from).first;
  const latest = to === undefined ? Infinity : readTime('to', to).last;
  return (summary) => {
    const { id, device_name, user_name, note } = summary;
    const started = Date.parse(summary.started_at);
    return (
      contains(device_name, device) &&
      contains(summary.routine, routine) &&
      [id, device_name, user_name, note, summary.routine].some((field) => contains(field, text)) &&
      (state === undefined || summary.state === state) &&
      started >= earliest &&
      started <= latest
    );
  };
}

function contains(field: string | null, part: string | undefined): boolean {
  return part === undefined || fold(field ?? '').includes(fold(part));
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().trim();
}

const DAY_MS = 24 * 60 * 60 * 1000;
const day = z.iso.date();
const time = z.iso.datetime({ offset: true, local: true });

/** First and last millisecond that are meant. */
function readTime(name: string, value: string): { first: number; last: number } {
  if (day.safeParse(value).success) {
    const first = Date.parse(`${value}T00:00:00Z`);
    return { first, last: first + DAY_MS - 1 };
  }
  if (!time.safeParse(value).success) {
    throw new InputError(`${name}: ${quote(value)} is not a date`, {
      hint: 'Give a date such as 2026-11-22 or a time such as 2026-11-22T21:14:05Z, both in UTC, and call list_measurements again.',
    });
  }
  const first = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`);
  // A time without a fraction, or without seconds, means all of its second or minute.
  const last = /\.\d/.test(value) ? first : first + (/T\d\d:\d\d:\d\d/.test(value) ? 999 : 59_999);
  return { first, last };
}
