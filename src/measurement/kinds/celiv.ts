import * as z from 'zod';
import { photoCeliv } from '../../instrument/routines/photo-celiv.ts';
import { argument, scaled } from '../arguments/argument.ts';
import { readReplies } from '../../figures/interpret.ts';
import { defineKind } from './kind.ts';
import { count, within } from '../arguments/numbers.ts';

const output = (...path: string[]): readonly string[] => ['output', ...path];
const seconds = z.number().min(0).max(100);

const celivArguments = {
  thickness_nm: scaled(within(1, 1e6).describe('Mobility goes with its square.'), 'nm', 1e-9, [
    'device_thickness_m',
  ]),
  ramp_end_v: argument(
    within(-12, 12).describe('Below ramp_start_v to extract.'),
    'V',
    output('V Ramp', 'End (V)'),
  ),
  ramp_start_v: argument(within(-12, 12), 'V', output('V Ramp', 'Start (V)')),
  ramp_s: argument(within(1e-7, 10), 's', output('V Ramp', 'Duration (s)')),
  pulse_s: argument(seconds, 's', output('Pulse Width (s)')),
  first_delay_s: argument(seconds, 's', output('Pulse Delay', 'Start (s)')),
  delay_step_s: argument(seconds, 's', output('Pulse Delay', 'Step (s)')),
  last_delay_s: argument(seconds, 's', output('Pulse Delay', 'End (s)')),
  averages: argument(count(100_000), '', output('Averages')),
};

const delaysDone = z.looseObject({ delays_done: z.number() });

export const celivKind = defineKind({
  tool: 'measure_celiv',
  title: 'Measure Photo-CELIV',
  description:
    'Photo-CELIV, charge extraction by a voltage ramp at delays after a light pulse: mobility, carrier density. About 20 s.',
  routine: photoCeliv,
  arguments: celivArguments,
  usesArea: false,
  async procedure(run) {
    await run.prepare();
    await run.start();
    let collected = 0;
    // The instrument holds one delay at a time: each is fetched as soon as it is done.
    await run.follow(async (progress) => {
      const done = delaysDone.safeParse(progress).data?.delays_done;
      if (done !== undefined && done <= collected) return;
      collected = done ?? 0;
      await run.fetchIfNew();
      const soFar = readReplies(run.routine, run.data.replies);
      if (soFar !== undefined) run.showLive(soFar);
    });
    await run.fetchIfNew();
    return {};
  },
});
