import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  isUnderWay,
  nextPhase,
  type Phase,
  type PhaseEvent,
  PREPARING,
  startOf,
} from '../../../src/measurement/run/phase.ts';

const opened: PhaseEvent = { type: 'entry_opened', starts: true };
const sent: PhaseEvent = { type: 'start_sent' };
const answered = (outcome: 'not_sent' | 'refused' | 'unknown' | 'accepted'): PhaseEvent => ({
  type: 'start_answered',
  outcome,
});
const seen: PhaseEvent = { type: 'seen_measuring' };
const ended: PhaseEvent = { type: 'ended' };
const finished: PhaseEvent = { type: 'finished' };
const after = (...events: readonly PhaseEvent[]): Phase => events.reduce(nextPhase, PREPARING);

it.each<[string, PhaseEvent[], string, string | null, boolean]>([
  ['nothing yet', [], 'preparing', null, false],
  ['its entry is open', [opened], 'entered', 'unknown', false],
  ['started otherwise', [{ type: 'entry_opened', starts: false }], 'entered', null, false],
  ['the start is on its way', [opened, sent], 'starting', 'unknown', true],
  ['the start was refused', [opened, sent, answered('refused')], 'not_started', 'refused', false],
  ['the start was never sent', [opened, sent, answered('not_sent')], 'not_started', 'not_sent', false],
  ['nobody answered the start', [opened, sent, answered('unknown')], 'starting', 'unknown', true],
  ['accepted', [opened, sent, answered('accepted')], 'starting', 'accepted', true],
  ['seen measuring', [opened, sent, answered('accepted'), seen], 'measuring', 'accepted', true],
  ['finished', [opened, sent, answered('accepted'), seen, finished], 'finished', 'accepted', false],
  ['ended otherwise', [opened, sent, answered('accepted'), seen, ended], 'ended', 'accepted', false],
  ['acquired', [{ type: 'entry_opened', starts: false }, finished], 'finished', null, false],
])('%s', (_, events, name, start, underWay) => {
  const phase = after(...events);
  expect([phase.name, startOf(phase), isUnderWay(phase)]).toEqual([name, start, underWay]);
});

it('is never under way without a start that may have been carried out, whatever comes in whatever order', () => {
  const event = fc.constantFrom(
    opened,
    { type: 'entry_opened', starts: false } as const,
    sent,
    answered('accepted'),
    answered('unknown'),
    answered('refused'),
    answered('not_sent'),
    seen,
    ended,
    finished,
  );
  const holds = fc.property(fc.array(event, { maxLength: 12 }), (events) => {
    const phase = after(...events);
    const wasSent = events.includes(sent);
    if (isUnderWay(phase)) return wasSent && ['unknown', 'accepted'].includes(phase.start ?? '');
    // What was not started never becomes something that was.
    return phase.name !== 'not_started' || nextPhase(nextPhase(phase, seen), finished) === phase;
  });
  expect(fc.check(holds).counterexample).toBeNull();
});
