import { InputError } from '../../errors.ts';
import { rowCount } from '../../science/dataset.ts';
import { type ArgumentTable, steering } from '../arguments/argument.ts';
import { celivKind } from './celiv.ts';
import { measureOnce } from './finite.ts';
import { darkJvKind } from './dark-jv.ts';
import { jvKind } from './jv.ts';
import type { MeasurementKind } from './kind.ts';
import { trackingKind } from './stabilised-power.ts';
import { LiveSeries } from './live-series.ts';
import { keepRunning } from './stabilised-power.ts';
import { areaOnly } from './sample-arguments.ts';
import { track } from './track.ts';
import { within } from '../arguments/numbers.ts';
import { plainText } from '../../text/plain-text.ts';

const MAX_ROWS = 5000;

const routineArguments: ArgumentTable = {
  routine: steering(plainText(100).describe('As main_get_available_routines lists it.')),
  duration_s: steering(within(1, 86_400).describe('If it runs until stopped: MPPT, Connection Test …')),
  keep_running: keepRunning,
  area_cm2: areaOnly,
};

/** Kinds whose refusals hold for their routine by whatever tool it is measured. */
const CHECKS = [jvKind, darkJvKind, trackingKind];

export const anyRoutineKind: MeasurementKind = {
  tool: 'measure_routine',
  title: 'Measure with any routine',
  description:
    'Runs any routine (PLQY, Pulsed EL, MPPT …) as it is set, changed by settings: describe_routine first. Prefer the other measure tools.',
  routine: undefined,
  arguments: routineArguments,
  usesArea: false,
  async check(run, wanted) {
    await CHECKS.find(({ routine }) => routine === run.routine)?.check?.(run, wanted);
  },
  async procedure(run) {
    const { lifecycle, name } = run.routine;
    if (lifecycle === 'acquire')
      throw new InputError(`${name} measures through its own commands, in an order that matters`, {
        hint: 'Use measure_luminescence.',
      });
    const { duration_s: seconds } = run.args;
    if (lifecycle === 'finite') {
      if (seconds !== undefined)
        throw new InputError(`${name} ends by itself: duration_s does not apply`, {
          hint: 'Leave duration_s out.',
        });
      await (run.routine.collectWhileRunning === true ? celivKind.procedure(run) : measureOnce(run));
      return;
    }
    if (typeof seconds !== 'number')
      throw new InputError(`${name} runs until it is stopped: for how long?`, { hint: 'Give duration_s.' });
    await run.prepare();
    await run.start();
    const series = new LiveSeries(name);
    let keepsAll = false;
    await track(run, {
      seconds,
      everyMs: Math.max(500, (seconds * 1000) / MAX_ROWS),
      onLook: (live, elapsed) => {
        keepsAll ||= live.scans.some((scan) => rowCount(scan) > 1);
        if (keepsAll) return { dataset: live, sentence: 'measuring' };
        series.add(live, elapsed);
        return { dataset: series.dataset(), sentence: 'measuring' };
      },
    });
    if (run.measuring) await run.stop();
    await run.fetch();
    // The instrument's own record is the whole of it; of live readings it has only the last.
    if (keepsAll) run.dataset = undefined;
  },
};
