import { ArkeoError, InstrumentError } from '../errors.ts';
import { commands } from '../instrument/commands/index.ts';
import { type Approach, approach, type Goal } from './approach.ts';
import {
  type ControllerChoice,
  choose,
  nameOf,
  readStage,
  requireHealthy,
  type StageController,
} from './controllers.ts';
import { withConsequence, readUntil, type StageCall } from './stage-call.ts';
import type { StageWatch } from './stage-watch.ts';

const { TMPCTL } = commands;
const POLL_MS = 1000;
/** A controller shows a new target with its next measurement. */
const READ_BACK_MS = 2000;
/** °C: targets are told apart down to this. */
const SAME_TARGET = 0.01;
/** Age beyond which a look says nothing about what is in force. */
const RECENT_MS = 30_000;
const LOOK_HINT =
  'Look with tmpctl_get_status. set_stage_temperature with the same arguments sends what is missing; with control "off" it switches off.';
const GO_ON_HINT =
  'The stage goes on by itself. Call set_stage_temperature again with the same arguments to go on waiting, or with control "off" to switch off.';
const INTERRUPTED_HINT =
  'Ask the person who works at the ARKEO before anything is switched on again. Then set_stage_temperature sets it anew.';

export interface HoldRequest extends Goal, ControllerChoice {
  /** Moment at which waiting ends, ms of the watch's clock. */
  until: number;
  /** Told at every look while waiting. */
  onLook: (controller: StageController, approach: Approach) => void;
}

/** The stage as it was seen last. */
interface LastLook {
  controller: StageController;
  approach: Approach;
  /** s since then, where the wait ended while an answer was outstanding; otherwise 0. */
  age: number;
}

export interface HeldStage extends LastLook {
  /** Commands that had to be sent; empty where target and control were as asked. */
  sent: string[];
}

/**
 * Has the controller hold a temperature, and waits until it has been stable or the time is over. Only what is not as
 * asked is sent, so that calling again goes on waiting. The stage keeps its target whatever becomes of the call.
 * Throws InputError (which controller), InstrumentError (its error, a hot sink, no sensor, target or control changed by
 * somebody else), ConnectionError.
 */
export async function holdTemperature(
  request: HoldRequest,
  call: StageCall,
  watch: StageWatch,
): Promise<HeldStage> {
  const controllers = await readStage(call);
  const before = choose(controllers, request);
  requireHealthy(before, 'not_sent', before.object === undefined ? 1 : 0);
  const several = controllers.length > 1;
  const named = request.address !== undefined || request.channel !== undefined;
  const { controller, sent } = await command(before, request.target, several || named, call, watch);
  try {
    return { sent, ...(await follow(controller, request, call, watch)) };
  } catch (error) {
    const hint = error instanceof InstrumentError ? error.hint : GO_ON_HINT;
    throw withConsequence(error, `control was left as it is, for ${request.target} °C`, hint);
  }
}

/** Sends what differs from what is asked, and reads it back. */
async function command(
  before: StageController,
  target: number,
  select: boolean,
  call: StageCall,
  watch: StageWatch,
): Promise<{ controller: StageController; sent: string[] }> {
  const { client, send } = call;
  const { address, channel } = before;
  const seen = watch.looks({ address, channel, target }).at(-1);
  // A controller that does not say what is in force is believed to do what it was told a moment ago.
  const recent = seen !== undefined && watch.clock.now() - seen.at <= RECENT_MS;
  const newTarget = before.target === undefined ? !recent : !isTarget(before, target);
  const enable = before.active === undefined ? !recent : !before.active;
  if (!newTarget && !enable) return { controller: before, sent: [] };

  watch.forget(before);
  const sent: string[] = [];
  try {
    // Nobody else's selection or target may come between them.
    await client.inOneTurn(TMPCTL.SetTemperature, send, async (inTurn) => {
      const to = { ...inTurn, ...(select ? { controller: { address, channel } } : {}) };
      if (newTarget) {
        await client.call(TMPCTL.SetTemperature, { temperature: target }, to);
        sent.push(`target ${target} °C`);
      }
      if (enable) {
        await client.call(TMPCTL.SetEnable, { enable: true }, to);
        sent.push('control on');
      }
    });
    const find = async () => choose(await readStage(call), { address, channel });
    const isAsAsked = (now: StageController): boolean =>
      now.active !== false && (now.target === undefined || isTarget(now, target));
    const controller = await readUntil(call, READ_BACK_MS, find, isAsAsked);
    if (isAsAsked(controller)) return { controller, sent };
    throw new InstrumentError(
      `${nameOf(before)} accepted ${sent.join(' and ')}, but it is not in force: ${controller.text}`,
      { code: 'not_as_asked', outcome: 'unknown', target: 'TMPCTL', hint: LOOK_HINT },
    );
  } catch (error) {
    if (sent.length === 0) throw error;
    throw withConsequence(error, `accepted before that: ${sent.join(' and ')}`, LOOK_HINT);
  }
}

async function follow(
  first: StageController,
  { until, onLook, ...goal }: HoldRequest,
  call: StageCall,
  watch: StageWatch,
): Promise<LastLook> {
  const { clock } = watch;
  const { signal } = call.send;
  const { address, channel } = first;
  const held = { address, channel, target: goal.target };
  let controller = first;
  for (;;) {
    requireUntouched(controller, goal.target);
    const at = clock.now();
    const now = approach(watch.note(held, controller.object), goal);
    requireHealthy(controller, 'unknown', now.blind);
    if (now.stable || at >= until) return { controller, approach: now, age: 0 };
    onLook(controller, now);
    await clock.pause(Math.min(POLL_MS, until - at), signal);
    try {
      controller = choose(await readStage(call), held);
    } catch (error) {
      // Giving up the wait is no failure: what was seen last is the answer.
      if (error instanceof ArkeoError && error.code === 'cancelled')
        return { controller, approach: now, age: (clock.now() - at) / 1000 };
      throw error;
    }
  }
}

/** Throws where somebody, or safe_shutdown, has put an end to what is waited for. It is not switched on again. */
function requireUntouched(controller: StageController, target: number): void {
  const off = controller.active === false;
  if (!off && (controller.target === undefined || isTarget(controller, target))) return;
  throw new InstrumentError(
    `while ${target} °C was waited for, ${off ? 'control was switched off' : `the target became ${controller.target} °C`}, by somebody else or by another call`,
    { code: 'interrupted', outcome: 'unknown', target: 'TMPCTL', hint: INTERRUPTED_HINT },
  );
}

function isTarget({ target }: StageController, asked: number): boolean {
  return target !== undefined && Math.abs(target - asked) < SAME_TARGET;
}
