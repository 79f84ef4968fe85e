import type { StartOutcome } from '../../archive/record.ts';

/**
 * How far one measurement has come on the instrument.
 * - `preparing`: nothing was started, and nothing is in the archive
 * - `entered`: its entry was opened in the archive. From then on every end is an answer
 * - `not_started`: the start was refused, or never sent: what the instrument holds or measures is not of it
 * - `starting`: started, or perhaps started, and not seen measuring yet
 * - `measuring`: seen measuring
 * - `ended`: known not to measure any more, however that came
 * - `finished`: the instrument has measured all that was asked, and only fetching is left
 *
 * `start` is what became of StartMeasurement; null where the routine is started otherwise.
 */
export type Phase =
  | { readonly name: 'preparing' }
  | { readonly name: 'entered'; readonly start: StartOutcome | null }
  | { readonly name: 'not_started'; readonly start: 'not_sent' | 'refused' }
  | {
      readonly name: 'starting' | 'measuring' | 'ended' | 'finished';
      readonly start: StartOutcome | null;
    };

export type PhaseEvent =
  /** Its entry is in the archive. `starts`: StartMeasurement comes next. */
  | { readonly type: 'entry_opened'; readonly starts: boolean }
  | { readonly type: 'start_sent' }
  | { readonly type: 'start_answered'; readonly outcome: StartOutcome }
  | { readonly type: 'seen_measuring' }
  | { readonly type: 'ended' }
  | { readonly type: 'finished' };

export const PREPARING: Phase = { name: 'preparing' };

/** The phase after an event. An event that cannot come in a phase changes nothing. */
export function nextPhase(phase: Phase, event: PhaseEvent): Phase {
  switch (event.type) {
    case 'entry_opened':
      // A process that finds the entry of a killed server cannot know what became of the start either.
      return phase.name === 'preparing' ? { name: 'entered', start: event.starts ? 'unknown' : null } : phase;
    case 'start_sent':
      return phase.name === 'entered' ? { name: 'starting', start: 'unknown' } : phase;
    case 'start_answered':
      return phase.name === 'starting' ? afterAnswer(event.outcome) : phase;
    case 'seen_measuring':
      return phase.name === 'starting' ? { ...phase, name: 'measuring' } : phase;
    case 'ended':
      return isUnderWay(phase) ? { ...phase, name: 'ended' } : phase;
    case 'finished':
      return isUnderWay(phase) || phase.name === 'entered' || phase.name === 'ended'
        ? { ...phase, name: 'finished' }
        : phase;
  }
}

/** Only a start that nobody answered may have been carried out. */
function afterAnswer(outcome: StartOutcome): Phase {
  return outcome === 'not_sent' || outcome === 'refused'
    ? { name: 'not_started', start: outcome }
    : { name: 'starting', start: outcome };
}

/** Started, or perhaps started, and not known to have ended. */
export function isUnderWay(
  phase: Phase,
): phase is Phase & { name: 'starting' | 'measuring'; start: StartOutcome | null } {
  return phase.name === 'starting' || phase.name === 'measuring';
}

/** Outcome of the start; null before it, and where the routine is started otherwise. */
export function startOf(phase: Phase): StartOutcome | null {
  return phase.name === 'preparing' ? null : phase.start;
}

/** Holds the phase of one measurement: the only state of its lifecycle. */
export class Lifecycle {
  #phase: Phase = PREPARING;

  get phase(): Phase {
    return this.#phase;
  }

  note(event: PhaseEvent): void {
    this.#phase = nextPhase(this.#phase, event);
  }
}
