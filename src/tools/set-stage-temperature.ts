import * as z from 'zod';
import { InputError } from '../errors.ts';
import { parameters } from '../instrument/command.ts';
import { count, within } from '../measurement/arguments/numbers.ts';
import { STAGE_RANGE } from '../instrument/commands/tmpctl.ts';
import { stageRemarks, stageSentence } from '../conditions/describe-stage.ts';
import { limited, type StageCall } from '../conditions/stage-call.ts';
import { holdTemperature } from '../conditions/temperature.ts';
import { stageOff } from '../conditions/temperature-off.ts';
import { answerForm } from './answer/answer-form.ts';
import { quantity, sentences, several, word } from './answer/tellings.ts';
import { type Answer, defineTool, type ToolCall } from './define-tool.ts';
import { waitSeconds } from './wait-seconds.ts';

/** The answer is on its way before wait_s is over. */
const MARGIN_MS = 500;
/** Looking, setting and reading back may take this long where less is waited. */
const AT_LEAST_MS = 5000;

const input = parameters({
  temperature_c: z
    .number()
    .min(STAGE_RANGE.min)
    .max(STAGE_RANGE.max)
    .optional()
    .describe('Below the dew point water condenses.'),
  control: z.enum(['on', 'off']).default('on').describe('off: give nothing else.'),
  tolerance_c: within(0.05, 5).default(0.5).describe('Stable: ± this'),
  stable_for_s: within(0, 600).default(30).describe('for this.'),
  wait_s: waitSeconds,
  address: count(255, 0).optional().describe('If there are several.'),
  channel: count(255, 0).optional().describe('Likewise.'),
});
const number = z.number().nullable();
const output = answerForm(
  {
    state: z.enum(['stable', 'approaching', 'off']),
    stage_c: number,
    requested_c: number,
    target_c: number.describe('As the controller reports it.'),
    ramp_c: number,
    sink_c: number,
    within_tolerance_s: number,
    tolerance_c: number,
    stable_for_s: number,
    rate_c_per_s: number,
    time_left_s: number,
    sent: z.array(z.string()),
    controllers: z.array(z.string()).optional(),
  },
  {
    state: word({ label: '' }),
    stage_c: quantity('°C', 2, { label: 'stage', none: 'stage unknown' }),
    requested_c: quantity('°C', 2, { label: 'requested' }),
    target_c: quantity('°C', 2, { label: 'target' }),
    ramp_c: quantity('°C', 1, { label: 'ramp at' }),
    sink_c: quantity('°C', 1, { label: 'sink' }),
    within_tolerance_s: quantity('s', 1, { label: 'within tolerance for' }),
    tolerance_c: quantity('°C', 2, { label: 'tolerance ±' }),
    stable_for_s: quantity('s', 0, { label: 'stable after' }),
    rate_c_per_s: quantity('°C/s', 4, { label: 'rate' }),
    time_left_s: quantity('s', 0, { label: 'time left about' }),
    sent: several({ label: 'sent:', none: 'nothing was sent, since all was as asked' }),
    controllers: sentences('Controller'),
  },
);
type StageAnswer = Answer<typeof output>;

export const setStageTemperatureTool = defineTool({
  name: 'set_stage_temperature',
  title: 'Set the stage temperature',
  description:
    'Heats or cools the stage and waits until it is stable; while approaching, repeat the call. It keeps the target afterwards.',
  kind: 'actuate',
  toolset: 'workflow',
  input,
  output,
  takesEnergyOut: ({ control }) => control === 'off',
  async run(args, call: ToolCall) {
    const { connection, client, stageWatch, signal } = call;
    const { clock } = stageWatch;
    const started = clock.now();
    const epoch = connection.epoch;
    return limited(signal, Math.max(args.wait_s * 1000, AT_LEAST_MS), (ending) => {
      const stage: StageCall = { connection, client, clock, send: { signal: ending, epoch } };
      return args.control === 'off' ? off(args, stage, call) : on(args, started, stage, call);
    });
  },
});

async function on(
  args: z.output<typeof input>,
  started: number,
  stage: StageCall,
  call: ToolCall,
): Promise<StageAnswer> {
  const { stageWatch } = call;
  const { temperature_c: target, tolerance_c: tolerance, stable_for_s: stableFor, wait_s: wait } = args;
  if (target === undefined) {
    throw new InputError('temperature_c is missing', {
      hint: `Give temperature_c, ${STAGE_RANGE.min} to ${STAGE_RANGE.max} °C, or control "off" to switch off.`,
    });
  }
  const goal = { target, tolerance, stableFor };
  const { address, channel } = args;
  const onLook: Parameters<typeof holdTemperature>[0]['onLook'] = (controller, approach) =>
    call.progress(
      stageSentence(controller, approach, goal),
      Math.min(1, (stageWatch.clock.now() - started) / (wait * 1000)),
    );
  const until = started + wait * 1000 - MARGIN_MS;
  const held = await holdTemperature({ ...goal, address, channel, until, onLook }, stage, stageWatch);
  const { controller, approach, sent } = held;
  return {
    said: {
      state: approach.stable ? 'stable' : 'approaching',
      stage_c: controller.object ?? null,
      requested_c: target,
      target_c: controller.target ?? null,
      ramp_c: controller.nominal ?? null,
      sink_c: controller.sink ?? null,
      within_tolerance_s: approach.within,
      tolerance_c: tolerance,
      stable_for_s: stableFor,
      rate_c_per_s: approach.rate ?? null,
      time_left_s: approach.left ?? null,
      sent,
      ...stageRemarks(held, goal),
      next: approach.stable
        ? []
        : ['set_stage_temperature with the same arguments goes on waiting; the stage goes on by itself'],
      simulated: isSimulated(stage),
    },
  };
}

async function off(
  { temperature_c: target, address, channel }: z.output<typeof input>,
  stage: StageCall,
  { stageWatch }: ToolCall,
): Promise<StageAnswer> {
  if (target !== undefined) {
    throw new InputError(`control "off" and temperature_c ${target} contradict each other`, {
      hint: 'Call again with one of them: control "off" alone switches off, temperature_c alone sets and switches on.',
    });
  }
  const { controllers, told } = await stageOff({ address, channel }, stage, stageWatch);
  const unsure = controllers.filter(({ active }) => active === undefined);
  const [first] = controllers;
  return {
    said: {
      state: 'off',
      stage_c: first?.object ?? null,
      requested_c: null,
      target_c: first?.target ?? null,
      ramp_c: first?.nominal ?? null,
      sink_c: first?.sink ?? null,
      within_tolerance_s: null,
      tolerance_c: null,
      stable_for_s: null,
      rate_c_per_s: null,
      time_left_s: null,
      sent: told === 0 ? [] : [`control off, to ${told} of ${controllers.length} controllers`],
      controllers: controllers.map(({ text }) => text),
      warnings: unsure.map(({ text }) => `the controller does not say whether control is off: ${text}`),
      notes: [
        ...(controllers.length === 0 ? ['there is no temperature controller'] : []),
        ...(told > 0 ? ['the stage comes to room temperature by itself, over minutes'] : []),
      ],
      simulated: isSimulated(stage),
    },
  };
}

function isSimulated({ connection }: StageCall): boolean {
  return typeof connection.status().simulator === 'string';
}
