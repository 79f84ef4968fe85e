import type { EndState } from '../../archive/entry.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Extent } from './extent.ts';
import type { Phase } from './phase.ts';

/** Stops that this server sent, or may have sent, while a measurement was under way. */
export interface Stops {
  /** The measurement itself was told to stop. */
  readonly told: boolean;
  /** The instrument accepted a StopMeasurement since the start. */
  readonly accepted: boolean;
  /** One was sent that was not refused, also where its answer is not here yet. */
  readonly possible: boolean;
  /** A safe_shutdown came since the measurement began. */
  readonly shutDown: boolean;
  /** It had come already when the end was seen. */
  readonly shutDownAtEnd: boolean;
}

export const NO_STOPS: Stops = {
  told: false,
  accepted: false,
  possible: false,
  shutDown: false,
  shutDownAtEnd: false,
};

/** How a measurement came to its end, as far as it was seen. */
export type Ending =
  /** All steps were carried out. */
  | { readonly how: 'carried_out' }
  /** It was watched to its end by a server that did not start it, and that never stops it for being over. */
  | { readonly how: 'followed' }
  /** It was left running after the time that was asked. */
  | { readonly how: 'left_running' }
  /** It was found ended. `whole` false: a part of the data was lost before anybody looked. */
  | { readonly how: 'found_ended'; readonly whole: boolean }
  /** An error ended the steps. `gone`: the window was closed or another one is open. */
  | { readonly how: 'failed'; readonly step: string; readonly message: string; readonly gone: boolean };

export interface Evidence {
  readonly lifecycle: RoutineDefinition['lifecycle'];
  readonly ending: Ending;
  readonly stops: Stops;
  /** Undefined where the data could not be read, or was not fetched. */
  readonly extent: Extent | undefined;
  /** True for a failed measurement, if the instrument had measured all that was asked and a second try fetched it. */
  readonly fetchedAfterAll: boolean;
  /** The data is exactly what the instrument held before the start: nothing of this measurement is there. */
  readonly isThatOfBefore: boolean;
  /** Unreadable data leaves it open whether there is all of it: it was not followed here from its start. */
  readonly needsData: boolean;
}

export interface Verdict {
  readonly state: EndState;
  /** Reasons and doubts, one sentence each. */
  readonly sentences: readonly string[];
}

export const BY_REQUEST = 'it was stopped before its end: the data ends early';
export const BY_SHUTDOWN = 'a safe_shutdown stopped it before its end: the data ends early';

/** Decides whether a measurement is complete, was stopped or failed. The only place that does. */
export function judge(evidence: Evidence): Verdict {
  const { ending, stops, extent, lifecycle, needsData } = evidence;
  if (ending.how === 'failed') return afterFailure(evidence, ending);
  if (evidence.isThatOfBefore) return { state: 'failed', sentences: [] };
  if (needsData && extent === undefined) return { state: 'failed', sentences: [] };
  if (ending.how === 'left_running') return COMPLETE;
  if (ending.how === 'found_ended') {
    if (stops.accepted) return { state: 'stopped', sentences: [BY_REQUEST] };
    return ending.whole ? byExtent(extent) : { state: 'stopped', sentences: [] };
  }
  const stopped =
    ending.how === 'followed' ? stops.accepted || reached(stops) : stoppedByUs(lifecycle, stops);
  if (stopped) return { state: 'stopped', sentences: [reached(stops) ? BY_SHUTDOWN : BY_REQUEST] };
  return byExtent(extent);
}

/** After an error: which measurement may be fetched all the same. */
export interface Broken {
  readonly lifecycle: RoutineDefinition['lifecycle'];
  readonly phase: Phase;
  /** Its window was closed or replaced: what is open now, if anything, is another's. */
  readonly gone: boolean;
  /** It could not be stopped: there is no end of it to fetch. */
  readonly notStopped: boolean;
  /** Live data was looked at, and no reply of it is kept. */
  readonly onlyLookedAt: boolean;
}

/** Whether the instrument is to be asked for what was measured, after an error. */
export function isWorthFetching({ lifecycle, phase, gone, notStopped, onlyLookedAt }: Broken): boolean {
  // The instrument holds or measures something else than what was not started.
  if (gone || notStopped || phase.name === 'not_started') return false;
  return lifecycle === 'finite' || phase.name === 'finished' || onlyLookedAt;
}

/** A safe_shutdown may have stopped it: one that found nothing to stop, or did not reach the instrument, did not. */
function reached({ shutDown, possible }: Stops): boolean {
  return shutDown && possible;
}

/** It seemed to end as planned, but this server was told to stop it meanwhile. */
function stoppedByUs(lifecycle: Evidence['lifecycle'], stops: Stops): boolean {
  if (lifecycle === 'finite') return stops.accepted || (stops.shutDownAtEnd && stops.possible);
  // A routine that is always stopped at its end was not cut short by that.
  return lifecycle === 'until_stopped' && stops.shutDown;
}

function afterFailure(
  { stops, lifecycle, extent, fetchedAfterAll }: Evidence,
  { gone, step, message }: Extract<Ending, { how: 'failed' }>,
): Verdict {
  const shutDown = gone ? reached(stops) : stops.shutDown;
  const told = stops.told || shutDown;
  if (fetchedAfterAll && !(lifecycle === 'finite' && stoppedByUs(lifecycle, stops))) {
    const { state, sentences } = byExtent(extent);
    const retried = `the first try failed at the step "${step}", and a second one brought all of it: ${message}`;
    return { state, sentences: [...(told ? [] : [retried]), ...sentences] };
  }
  return told
    ? { state: 'stopped', sentences: [shutDown ? BY_SHUTDOWN : BY_REQUEST] }
    : { state: 'failed', sentences: [] };
}

const COMPLETE: Verdict = { state: 'complete', sentences: [] };

/** Share of what was asked below which the end was early. */
const WHOLE = 0.9;

/** By how much there is of it: it ended by itself, or somebody else stopped it. */
function byExtent(extent: Extent | undefined): Verdict {
  if (extent === undefined) return COMPLETE;
  const { rows, points, explained, lookedEarly, time } = extent;
  if (points !== undefined && rows < WHOLE * points) {
    const early = `it ended early, ${rows} of ${points} points`;
    if (!explained)
      return {
        state: 'stopped',
        sentences: [`${early}: it was stopped at the screen or by another program`],
      };
    // Settings and progress tell only how many there are at most: by themselves they are no reason for a doubt.
    return lookedEarly
      ? {
          state: 'complete',
          sentences: [`${early}: stopped at the screen, or by a condition of its own such as Auto Voc`],
        }
      : COMPLETE;
  }
  if (time === undefined || time.lasted >= WHOLE * time.asked) return COMPLETE;
  const due = Math.min(time.asked, time.own ?? Number.POSITIVE_INFINITY);
  return {
    state: time.lasted < WHOLE * due ? 'stopped' : 'complete',
    sentences: [
      `it ended after ${Math.round(time.lasted)} s, by itself or because it was stopped at the screen: ${Math.round(time.asked)} s were asked`,
    ],
  };
}
