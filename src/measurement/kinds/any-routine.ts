import { InputError } from '../../errors.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { rowCount } from '../../science/dataset.ts';
import { plainText } from '../../text/plain-text.ts';
import { procedureArgument } from '../arguments/argument.ts';
import { within } from '../arguments/numbers.ts';
import { celivKind } from './celiv.ts';
import { darkJvKind } from './dark-jv.ts';
import { eqeKind } from './eqe.ts';
import { measureOnce } from './finite.ts';
import { jvKind } from './jv.ts';
import { defineKind } from './kind.ts';
import { LiveSeries } from './live-series.ts';
import { areaOnly } from './sample-arguments.ts';
import { sheetResistanceKind } from './sheet-resistance.ts';
import { keepRunning, trackingKind } from './stabilised-power.ts';

const MAX_ROWS = 5000;

const routineArguments = {
  routine: procedureArgument(plainText(100).describe('As main_get_available_routines lists it.'), {
    without: 'a routine has to be named',
  }),
  duration_s: procedureArgument(
    within(1, 86_400).describe('If it runs until stopped: MPPT, Connection Test …'),
    {
      unit: 's',
      without: 'the routine ends by itself',
    },
  ),
  keep_running: keepRunning,
  area_cm2: areaOnly,
};

/** Kinds whose refusals hold for their routine by whatever tool it is measured. */
const CHECKS = [jvKind, darkJvKind, trackingKind];
/** Kinds that know what the figures of their routine rest on, and what it switches on. */
const EXPERTS = [...CHECKS, eqeKind, sheetResistanceKind];
const expertOf = (of: RoutineDefinition) => EXPERTS.find(({ routine }) => routine === of);

export const anyRoutineKind = defineKind({
  tool: 'measure_routine',
  title: 'Measure with any routine',
  description:
    'Runs any routine (PLQY, Pulsed EL, MPPT …) as it is set, changed by settings: describe_routine first. Prefer the other measure tools.',
  routine: undefined,
  arguments: routineArguments,
  usesArea: false,
  async check(run, wanted, args) {
    await CHECKS.find(({ routine }) => routine === run.routine)?.check?.(run, wanted, args);
  },
  restsOn: (basis) => expertOf(basis.routine)?.restsOn?.(basis) ?? {},
  switches: (settings, routine) => expertOf(routine)?.switches?.(settings, routine) ?? [],
  async procedure(run, { duration_s: seconds }) {
    const { lifecycle, name } = run.routine;
    if (lifecycle === 'acquire')
      throw new InputError(`${name} measures through its own commands, in an order that matters`, {
        hint: 'Use measure_luminescence.',
      });
    if (lifecycle === 'finite') {
      if (seconds !== undefined)
        throw new InputError(`${name} ends by itself: duration_s does not apply`, {
          hint: 'Leave duration_s out.',
        });
      return run.routine.collectWhileRunning === true ? celivKind.procedure(run, {}) : measureOnce(run);
    }
    if (seconds === undefined)
      throw new InputError(`${name} runs until it is stopped: for how long?`, { hint: 'Give duration_s.' });
    await run.prepare();
    await run.start();
    const series = new LiveSeries(name);
    let keepsAll = false;
    await run.track({
      seconds,
      everyMs: Math.max(500, (seconds * 1000) / MAX_ROWS),
      onLook: (live, elapsed) => {
        keepsAll ||= live.scans.some((scan) => rowCount(scan) > 1);
        if (keepsAll) return { dataset: live, sentence: 'measuring' };
        series.add(live, elapsed);
        return { dataset: series.dataset(), sentence: 'measuring' };
      },
    });
    await run.stop();
    await run.fetch();
    // The instrument's own record is the whole of it; of live readings it has only the last.
    return keepsAll ? {} : { dataset: series.dataset() };
  },
});
