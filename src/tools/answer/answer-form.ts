import * as z from 'zod';
import { factsOf, type Form, structuredOf, textOf, type Telling } from './fact.ts';
import { sentences } from './tellings.ts';

/** Sentences in the order of their weight. */
const remarks = {
  /** Sample, hazard or data are at stake: the person has to know now. */
  alarms: z.array(z.string()).optional(),
  /** Reasons to doubt the result, or to take care. */
  warnings: z.array(z.string()),
  notes: z.array(z.string()),
  /** The calls that may come next. */
  next: z.array(z.string()).optional(),
};
export type Remarks = z.input<z.ZodObject<typeof remarks>>;

/** The schema of an answer, and how it is told. */
export interface AnswerForm<S extends z.ZodRawShape = z.ZodRawShape> {
  /** Schema of the structured form. */
  readonly schema: z.ZodObject;
  /** The members that the tool adds. */
  readonly own: z.ZodObject<S>;
  readonly form: Form<z.output<z.ZodObject<S>>>;
}

/** Input of an answer from a tool: its own members, and the remarks that there are. */
export type Said<F extends AnswerForm = AnswerForm> = z.input<F['own']> & CommonFacts;

type CommonFacts = Partial<Remarks> & {
  /** Null where it is not known, or differs between the measurements of the answer. */
  simulated: boolean | null;
};

/** An answer with the members of `shape`, each told as `form` says, in its order; with remarks, and whether simulated. */
export function answerForm<S extends z.ZodRawShape>(
  shape: S,
  form: Form<z.output<z.ZodObject<S>>>,
): AnswerForm<S> {
  const schema = z.strictObject({ simulated: z.boolean().nullable(), ...remarks, ...shape });
  return { schema, own: z.strictObject(shape), form };
}

const SIMULATED = '[simulated instrument]';

/** In front of all that comes of a simulator. */
export function markOf(simulated: boolean | null): string {
  return simulated === true ? `${SIMULATED} ` : '';
}

const marked: Telling<boolean> = { tell: (_, value) => ({ value, mark: value ? SIMULATED : undefined }) };

const HEAD: Form<CommonHead> = { simulated: marked, alarms: sentences('ALARM') };
const TAIL: Form<CommonTail> = {
  warnings: sentences('Warning'),
  notes: sentences('Note'),
  next: sentences('Next'),
};
type CommonHead = Pick<CommonFacts, 'simulated' | 'alarms'>;
type CommonTail = Pick<CommonFacts, 'warnings' | 'notes' | 'next'>;

/** Both forms of an answer. @param further notes of whoever carried the call out */
export function renderAnswer(
  { form }: AnswerForm,
  { simulated, alarms, warnings = [], notes = [], next, ...own }: Said,
  further: Iterable<string> = [],
): { text: string; structured: Record<string, unknown> } {
  const facts = [
    ...factsOf(HEAD, { simulated, ...filled('alarms', alarms) }),
    ...factsOf(form, own),
    ...factsOf(TAIL, { warnings, notes: [...new Set([...notes, ...further])], ...filled('next', next) }),
  ];
  return { text: textOf(facts), structured: structuredOf(facts) };
}

function filled(name: 'alarms' | 'next', list: readonly string[] | undefined) {
  return list === undefined || list.length === 0 ? {} : { [name]: [...list] };
}
