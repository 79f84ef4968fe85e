import type { Approach, Goal } from './approach.ts';
import { SINK_WARM, type StageController } from './controllers.ts';
import type { HeldStage } from './temperature.ts';

/** °C, below which water from the air of a room may condense. */
const DEW = 10;
/** s without a look that are worth mentioning. */
const GAP = 5;

const celsius = (value: number | undefined, digits = 1): string =>
  value === undefined ? 'unknown' : `${value.toFixed(digits)} °C`;

/** "stage 38.2 °C on the way to 45.0 °C, about 40 s left" */
export function stageSentence({ object }: StageController, state: Approach, goal: Goal): string {
  const { within, left } = state;
  const where =
    object !== undefined && Math.abs(object - goal.target) <= goal.tolerance
      ? `stage ${celsius(object, 2)}, within ±${goal.tolerance} °C of ${celsius(goal.target)} for ${within.toFixed(0)} of ${goal.stableFor} s`
      : `stage ${celsius(object)} on the way to ${celsius(goal.target)}`;
  return left === undefined ? where : `${where}, about ${Math.ceil(left)} s left`;
}

/** Lists what has to be known beside the figures: reasons to take care, and how far the waiting can be relied on. */
export function stageRemarks(
  { controller, approach, age }: HeldStage,
  goal: Goal,
): { warnings: string[]; notes: string[] } {
  return {
    warnings: [
      ...(age > GAP ? [`this was seen ${age.toFixed(0)} s ago; the instrument has not answered since`] : []),
      ...warningsOf(controller, approach, goal),
    ],
    notes:
      approach.longestGap > GAP
        ? [`nobody looked for up to ${approach.longestGap.toFixed(0)} s of the time within tolerance`]
        : [],
  };
}

function warningsOf({ sink, object, active }: StageController, state: Approach, { target }: Goal): string[] {
  const cold = Math.min(target, object ?? target);
  return [
    ...(sink !== undefined && sink > SINK_WARM
      ? [`the heat sink is at ${celsius(sink)}: check the fans, or switch control off`]
      : []),
    ...(object === undefined ? ['the sensor gave no temperature at the last look'] : []),
    ...(active === undefined ? ['the controller does not say whether control is on'] : []),
    ...(state.stuck
      ? ['the stage has hardly come closer for a minute although control is on: check power, cables and fans']
      : []),
    ...(state.restartedAfter !== undefined && !state.stable
      ? [
          `nobody looked for ${state.restartedAfter.toFixed(0)} s, in which it may have left the tolerance: the stable time counts anew`,
        ]
      : []),
    ...(cold < DEW
      ? [`water condenses on sample and stage below the dew point, at about ${DEW} °C in a room: keep it dry`]
      : []),
  ];
}
