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

/** What an answer says, and of that what is to be heeded. */
export function describeStage(
  { controller, approach, age, sent }: HeldStage,
  goal: Goal,
): { text: string; warnings: string[] } {
  const warnings = [
    ...(age > GAP ? [`this was seen ${age.toFixed(0)} s ago; the instrument has not answered since`] : []),
    ...warningsOf(controller, approach, goal),
  ];
  const rate =
    approach.rate === undefined
      ? []
      : [`${approach.rate < 0 ? '−' : '+'}${Math.abs(approach.rate).toFixed(3)} °C/s`];
  const facts = [`ramp at ${celsius(controller.nominal)}`, `sink ${celsius(controller.sink)}`, ...rate];
  const sentence = stageSentence(controller, approach, goal);
  const lines = [
    approach.stable
      ? `STABLE: stage ${celsius(controller.object, 2)}, within ±${goal.tolerance} °C of ${celsius(goal.target)} for ${approach.within.toFixed(0)} s.`
      : `NOT YET STABLE: ${sentence}.`,
    `${facts.join(', ')}.`.replace(/^./, (letter) => letter.toUpperCase()),
    sent.length > 0
      ? `Sent and read back: ${sent.join(', ')}.`
      : 'Nothing was sent: target and control were as asked.',
    ...(approach.longestGap > GAP
      ? [`Nobody looked for up to ${approach.longestGap.toFixed(0)} s of that time.`]
      : []),
    ...(approach.stable
      ? []
      : ['Next: call set_stage_temperature again with the same arguments to go on waiting.']),
    ...warnings.map((warning) => `Warning: ${warning}.`),
  ];
  return { text: lines.join('\n'), warnings };
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
