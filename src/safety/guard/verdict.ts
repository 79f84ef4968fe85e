import type { Question } from '../confirmation.ts';
import type { Finding } from '../limits/assess.ts';

/** Why a command must not be sent, and what to do instead. */
interface Refusal {
  code: string;
  message: string;
  hint: string;
}

/** Judgement of the rules on one command; an empty one has nothing against it. */
export interface Verdict {
  refusals: Refusal[];
  questions: Question[];
}

export const ALLOWED: Verdict = { refusals: [], questions: [] };

export function refuse(code: string, message: string, hint: string): Verdict {
  return { refusals: [{ code, message, hint }], questions: [] };
}

export function ask(hazard: Question['hazard'], text: string, key?: string): Verdict {
  return { refusals: [], questions: [{ hazard, text, ...(key === undefined ? {} : { key }) }] };
}

/** All refusals and all questions: one refusal is enough, and a person is asked for everything at once. */
export function together(...verdicts: readonly Verdict[]): Verdict {
  return {
    refusals: verdicts.flatMap(({ refusals }) => refusals),
    questions: verdicts.flatMap(({ questions }) => questions),
  };
}

/** Hard limits refuse, soft ones ask. @param key what a yes is a yes to, where that is not the words */
export function fromFindings(findings: readonly Finding[], key?: (what: string) => string): Verdict {
  return together(
    ...findings.map(({ level, category, what }) =>
      level === 'hard'
        ? refuse(
            'limit_exceeded',
            what,
            'Stay within the limits; whoever runs the server sets them with --limits.',
          )
        : ask(category, what, key?.(what)),
    ),
  );
}
