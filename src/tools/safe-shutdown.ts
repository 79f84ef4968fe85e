import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { closeWindow, safeShutdown, type ShutdownStep, switchOffUnseen } from '../safety/safe-shutdown.ts';
import type { Thing } from '../safety/thing.ts';
import { NO_GUARD_PROCESS } from '../safety/switch-off-guard/guard-process.ts';
import { answerForm } from './answer/answer-form.ts';
import { each, flag, sentence, word } from './answer/tellings.ts';
import { defineTool, type ToolCall } from './define-tool.ts';

export const safeShutdownTool = defineTool({
  name: 'safe_shutdown',
  title: 'Switch everything off safely',
  description:
    'Takes energy out at once: stops the measurement, LEDs, lasers and temperature control off, relays open. By default only what this server started or switched on. When anything looks wrong.',
  kind: 'safety',
  toolset: 'workflow',
  input: parameters({
    scope: z
      .enum(['ours', 'everything'])
      .default('ours')
      .describe('everything: also what others did, if the person says so.'),
    close_routine: z.boolean().default(false).describe('Its data is then gone.'),
  }),
  output: answerForm(
    {
      safe: z
        .boolean()
        .describe('False when anything is on, could not be switched off, or could not be verified.'),
      steps: z.array(z.strictObject({ step: z.string(), result: z.string(), detail: z.string() })),
    },
    {
      safe: flag('Safe: everything that can be read is off', 'NOT SAFE'),
      steps: each({ step: word({ label: '' }), result: word({ label: '' }), detail: sentence() }),
    },
  ),
  // Deliberately without the call's signal: giving up the call does not give up switching off.
  async run({ scope, close_routine: closeRoutine }, call) {
    const { connection, guardProcess, records } = call;
    // Nothing local is read or written before all that is known is off.
    const steps = await safeShutdown(call, scope);
    if (scope === 'everything') steps.push(...(await leftByOthers(call)));
    if (closeRoutine) steps.push(...(await closeWindow(call, scope)));
    const failed = steps.filter(({ result }) => result === 'FAILED');
    const left = steps.filter(({ result }) => result === 'left');
    const isSafe = failed.length + left.length === 0;
    if (scope === 'everything' && isSafe) await records.clearLeftOvers();
    const { simulator } = connection.status();
    const list = (chosen: typeof steps): string =>
      chosen.map(({ step, detail }) => `${step} (${detail})`).join('; ');
    return {
      said: {
        safe: isSafe,
        steps,
        alarms: [
          ...(failed.length > 0
            ? [
                `COULD NOT BE SWITCHED OFF OR VERIFIED: ${list(failed)}. Tell the person now: switch it off at the ARKEO`,
              ]
            : []),
          ...(left.length > 0 ? [`STILL ON, not switched on by this server: ${list(left)}`] : []),
        ],
        warnings: guardProcess?.isMissing === true ? [NO_GUARD_PROCESS] : [],
        notes: steps.some(({ detail }) => /NOT READABLE|not verifiable/.test(detail))
          ? ['something cannot be read, and so is not known to be off: see the steps']
          : [],
        next: [
          ...(failed.length > 0 ? ['safe_shutdown again, after the person switched it off'] : []),
          ...(left.length > 0
            ? ['safe_shutdown with scope "everything" includes what others switched on, if the person agrees']
            : []),
        ],
        simulated: simulator === undefined ? null : simulator !== null,
      },
    };
  },
});

/** Switches off what only the records of servers that are gone tell of: which lasers are on cannot be read. */
async function leftByOthers(call: ToolCall): Promise<ShutdownStep[]> {
  const { ownership, records } = call;
  const { found, problems } = await records.leftOvers();
  const isUnseen = ({ kind }: Thing): boolean => kind === 'laser' || kind === 'shutter';
  const stillOn = found.flatMap(({ on }) => on.filter(isUnseen));
  const unverified = found.flatMap(({ unverified: things }) => things.filter(isUnseen));
  for (const thing of stillOn) ownership.adopt(thing);
  for (const thing of unverified) ownership.adopt(thing, { acknowledged: true });
  const unknown = found.flatMap(({ by, unknown: entries }) =>
    entries.map((entry) => `something that ${by} left on and that is not known here: ${entry}`),
  );
  const unsure = [...problems, ...unknown];
  return [
    ...(stillOn.length + unverified.length > 0 ? await switchOffUnseen(call) : []).map(
      ({ step, ...became }) => ({
        step: `${step} of servers that are gone`,
        ...became,
      }),
    ),
    ...(unsure.length > 0 ? [{ step: 'records', result: 'FAILED' as const, detail: unsure.join('; ') }] : []),
  ];
}
