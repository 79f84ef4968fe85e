import type { Look } from './stage-watch.ts';

export interface Goal {
  /** °C. */
  target: number;
  /** °C either way. */
  tolerance: number;
  /** s. */
  stableFor: number;
}

/** How far the stage is on its way, from what was seen of it. */
export interface Approach {
  stable: boolean;
  /** s within the tolerance, as far as the looks show, until the last one. */
  within: number;
  /** s: the longest time without a look in those. */
  longestGap: number;
  /** s without a look, too long for what was seen before to count; undefined where there was none. */
  restartedAfter: number | undefined;
  /** °C/s lately; undefined where too little was seen. */
  rate: number | undefined;
  /** s until it is stable if it goes on at that rate; undefined where it does not go towards the target. */
  left: number | undefined;
  /** It has hardly come closer for a minute. */
  stuck: boolean;
  /** How often in a row, until now, the sensor gave no number. */
  blind: number;
}

/** ms: the temperature can leave the tolerance and come back in a longer time without a look. */
const MAX_GAP_MS = 30_000;
const RATE_WINDOW_MS = 15_000;
const RATE_MIN_SPAN_MS = 2000;
/** °C/s, below which there is no direction. */
const NO_RATE = 0.003;
const STUCK_MS = 60_000;
const STUCK_STEP = 0.2;

/** @param looks oldest first, at least one */
export function approach(looks: readonly Look[], goal: Goal): Approach {
  const { tolerance, stableFor } = goal;
  const last = looks.at(-1);
  const distance = (look: Look | undefined): number => Math.abs((look?.celsius ?? Number.NaN) - goal.target);
  const isWithin = (look: Look | undefined): boolean => distance(look) <= tolerance;

  const seamless = looks.slice(startOf(looks, (look, next) => next.at - look.at <= MAX_GAP_MS));
  const inBand = seamless.slice(startOf(seamless, isWithin));
  const within = spanOf(inBand) / 1000;
  const beforeGap = looks.at(-1 - seamless.length);
  const gapCost = inBand.length === seamless.length && isWithin(beforeGap) && inBand.length > 0;

  const rate = rateOf(seamless);
  const stable = inBand.length > 0 && within >= stableFor;
  const reference = seamless.findLast((look) => (last?.at ?? 0) - look.at >= STUCK_MS);
  return {
    stable,
    within,
    longestGap: Math.max(0, ...inBand.map((look, i) => look.at - (inBand[i - 1] ?? look).at)) / 1000,
    restartedAfter: gapCost ? ((inBand[0]?.at ?? 0) - (beforeGap?.at ?? 0)) / 1000 : undefined,
    rate,
    left: timeLeft(),
    stuck: inBand.length === 0 && distance(reference) - distance(last) < STUCK_STEP,
    blind: looks.length - 1 - looks.findLastIndex((look) => look.celsius !== undefined),
  };

  function timeLeft(): number | undefined {
    if (inBand.length > 0) return Math.max(0, stableFor - within);
    const towards = rate === undefined ? 0 : rate * Math.sign(goal.target - (last?.celsius ?? Number.NaN));
    return towards > NO_RATE ? (distance(last) - tolerance) / towards + stableFor : undefined;
  }
}

/** Index of the first look from which on, to the end, every one fits together with the next. */
function startOf(looks: readonly Look[], fits: (look: Look, next: Look) => boolean): number {
  return looks.findLastIndex((look, i) => !fits(look, looks[i + 1] ?? look)) + 1;
}

function spanOf(looks: readonly Look[]): number {
  return (looks.at(-1)?.at ?? 0) - (looks[0]?.at ?? 0);
}

/** Slope of a straight line through the last looks, °C/s. */
function rateOf(looks: readonly Look[]): number | undefined {
  const end = looks.at(-1)?.at ?? 0;
  const recent = looks.flatMap(({ at, celsius }) =>
    celsius === undefined || end - at > RATE_WINDOW_MS ? [] : [{ at, celsius }],
  );
  if (spanOf(recent) < RATE_MIN_SPAN_MS) return undefined;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(recent.map((look) => look.at));
  const celsius = mean(recent.map((look) => look.celsius));
  const slope =
    mean(recent.map((look) => (look.at - at) * (look.celsius - celsius))) /
    mean(recent.map((look) => (look.at - at) ** 2));
  return slope * 1000;
}
