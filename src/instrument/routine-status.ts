import * as z from 'zod';

/** The documented states. There is no "finished": a measurement that ends returns to Ready. */
const ROUTINE_STATES = ['Initializing', 'Ready', 'Starting', 'Running', 'Error'] as const;

export interface RoutineStatus {
  /** One of ROUTINE_STATES, or the instrument's word where it is none of them. */
  status: string;
  /** As reported: CELIV for what is started as Photo-CELIV. Older software does not say. */
  name: string | undefined;
  progress: unknown;
  /** What is wrong while the status is Error; never a failed command. */
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

/** Starting counts: what was started reaches the sample at any moment. */
export function isMeasuring({ status }: RoutineStatus): boolean {
  return status === 'Starting' || status === 'Running';
}

function describeError(error: unknown): string | undefined {
  if (error === null || error === undefined || error === '' || error === false) return undefined;
  const parsed = z.looseObject({ code: z.unknown().optional(), message: z.string() }).safeParse(error);
  if (!parsed.success) return typeof error === 'string' ? error : JSON.stringify(error);
  const { code, message } = parsed.data;
  return typeof code === 'number' ? `${message} (${code})` : message;
}
