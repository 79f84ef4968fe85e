import * as z from 'zod';
import { quote } from '../text/quote.ts';

/** The documented states. There is no "finished": a measurement that ends returns to Ready. */
const ROUTINE_STATES = ['Initializing', 'Ready', 'Starting', 'Running', 'Error'] as const;

export interface RoutineStatus {
  /** One of ROUTINE_STATES, or the instrument's word where it is none of them. */
  status: string;
  /** Name as reported: CELIV for a routine that is started as Photo-CELIV. Older software does not report it. */
  name: string | undefined;
  progress: unknown;
  /** Fault of the routine while the status is Error; never a failed command. */
  error: string | undefined;
}

const reply = z.looseObject({
  routine_status: z.string().optional(),
  state: z.string().optional(),
  routine_name: z.string().nullish(),
  progress: z.unknown().optional(),
  error: z.unknown().optional(),
});

/** Reads GetTestStatus in its newer (`routine_status`, progress object) and older (`state`, number) forms. */
export function readRoutineStatus(data: unknown, context: z.RefinementCtx): RoutineStatus {
  const parsed = reply.safeParse(data);
  const word = parsed.data?.routine_status ?? parsed.data?.state;
  if (!parsed.success || word === undefined) {
    context.addIssue('there is neither routine_status nor state in it');
    return z.NEVER;
  }
  const { routine_name: name, progress, error } = parsed.data;
  return {
    status: ROUTINE_STATES.find((state) => state.toLowerCase() === word.trim().toLowerCase()) ?? word,
    name: name ?? undefined,
    progress: progress ?? undefined,
    error: describeError(error),
  };
}

/** Whether it is one of the documented states and not free text of the instrument. */
export function isKnownState(status: string): boolean {
  return ROUTINE_STATES.some((state) => state === status);
}

/**
 * Only Ready is ready. Starting counts as measuring, since it reaches the sample at any moment, and so does every word
 * that is not documented: Paused, Stopping, Busy, or none at all. A window that is being set up (`isOpening`) and a
 * routine in error do not measure.
 */
export function isMeasuring({ status }: RoutineStatus): boolean {
  return status !== 'Ready' && status !== 'Initializing' && status !== 'Error';
}

/** The window is being set up: it does not measure yet, and is not ready either. */
export function isOpening({ status }: RoutineStatus): boolean {
  return status === 'Initializing';
}

/** The word of the status, fit to be shown: quoted where it is free text of the instrument. */
export function statusWord({ status }: RoutineStatus): string {
  return isKnownState(status) ? status : quote(status);
}

function describeError(error: unknown): string | undefined {
  if (error === null || error === undefined || error === '' || error === false) return undefined;
  const parsed = z.looseObject({ code: z.unknown().optional(), message: z.string() }).safeParse(error);
  if (!parsed.success) return typeof error === 'string' ? error : JSON.stringify(error);
  const { code, message } = parsed.data;
  return typeof code === 'number' ? `${message} (${code})` : message;
}
