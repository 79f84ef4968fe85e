import * as z from 'zod';
import { luminescence } from '../../instrument/routines/luminescence.ts';
import {
  AcquireDark,
  AcquireSingle,
  AutoExposure,
  SetLaser,
} from '../../instrument/routines/luminescence-commands.ts';
import { applyArguments } from '../arguments/apply-arguments.ts';
import { argument, type ArgumentTable, steering } from '../arguments/argument.ts';
import type { Run } from '../run/run.ts';
import { announced } from './announced.ts';
import type { MeasurementKind } from './kind.ts';
import { InputError } from '../../errors.ts';
import { count, within } from '../arguments/numbers.ts';

const luminescenceArguments: ArgumentTable = {
  laser_percent: steering(z.number().min(0.1).max(100).describe('Intensity.')),
  laser_channel: steering(count(63, 0).describe('Ask which is which.')),
  laser_hz: steering(within(1, 1e7).describe('PWM frequency, Hz.')),
  auto_exposure: steering(z.boolean().describe('Default true: finds the integration time.')),
  integration_ms: argument(within(0.01, 60_000), ['integration_time']),
  averages: argument(count(1000), ['averages']),
};

export const luminescenceKind: MeasurementKind = {
  tool: 'measure_luminescence',
  title: 'Measure photoluminescence',
  description:
    'Photoluminescence spectrum minus dark: peak, width, strength. LASER with laser_percent and laser_channel: cover closed, a person agrees; off afterwards. Without them: present light, no dark.',
  routine: luminescence,
  arguments: luminescenceArguments,
  usesArea: false,
  contradiction,
  announces: (args) => announced(SetLaser, laserOf(args)?.on),
  async procedure(run) {
    await run.prepare();
    const laser = laserOf(run.args);
    const shine = async (on: boolean): Promise<void> => {
      if (laser === undefined) return;
      run.at(on ? 'laser on' : 'laser off');
      if (!on) await run.undoNow();
      else
        await run.doAndUndo(
          () => run.session.call(SetLaser, laser.on),
          'switching the laser off',
          () => run.rescueCommand(SetLaser, laser.off),
        );
    };
    await shine(true);
    await run.begin();
    if (run.args['auto_exposure'] !== false && run.args['integration_ms'] === undefined) {
      run.at('finding the exposure');
      await run.command(AutoExposure, {});
      await restoreAverages(run);
    }
    await shine(false);
    if (laser === undefined) run.warnings.push(NO_DARK);
    else {
      // Without light, and after every change of the integration time.
      run.at('dark spectrum');
      await run.command(AcquireDark, {});
    }
    await shine(true);
    run.at('spectrum');
    await run.command(AcquireSingle, {});
    run.finish();
    await run.cleanUp();
    await run.fetch();
  },
};

/** Arguments that do not go together. */
function contradiction(args: Readonly<Record<string, unknown>>): InputError | undefined {
  const { laser_percent: percent, laser_channel: channel, laser_hz: hz } = args;
  if (args['auto_exposure'] === true && args['integration_ms'] !== undefined)
    return new InputError('auto_exposure true finds the integration time, and integration_ms sets it', {
      hint: 'Give one of the two: integration_ms for this very time, auto_exposure to have it found.',
    });
  if (hz !== undefined && percent === undefined)
    return new InputError('laser_hz goes with laser_percent and laser_channel', {
      hint: 'Give all three to measure with a pulsed laser, or leave laser_hz out.',
    });
  const switchOnly = percent === 100 && channel === undefined && hz === undefined;
  if ((percent === undefined) === (channel === undefined) || switchOnly) return undefined;
  return new InputError('laser_percent and laser_channel belong together', {
    hint: 'Give both to measure with the laser, or none to measure with the light there is. Only older software has no channels: there laser_percent is 100.',
  });
}

/** Finding the exposure sets the averages too: those that were asked are put back. */
async function restoreAverages(run: Run): Promise<void> {
  const found = await run.session.settings();
  if (found === undefined) return;
  const { averages } = luminescenceArguments;
  run.settings =
    averages === undefined || run.args['averages'] === undefined
      ? found
      : await run.session.apply(applyArguments(found, { averages }, run.args, run.routine.name));
}

const NO_DARK =
  'no dark was taken, since this measurement does not switch the light: for a right spectrum store one of this integration time with the light off (luminescence_acquire_dark), then measure again with auto_exposure false';

interface Laser {
  on: LaserSetting;
  off: LaserSetting;
}
type LaserSetting = z.input<typeof SetLaser.parameter>;

function laserOf(args: Readonly<Record<string, unknown>>): Laser | undefined {
  const { laser_percent: intensity, laser_channel: channel, laser_hz: frequency } = args;
  if (typeof intensity !== 'number') return undefined;
  if (typeof channel !== 'number') return { on: { enabled: true }, off: { enabled: false } };
  const pulsed = typeof frequency === 'number' ? { frequency } : {};
  return { on: { channel, intensity, ...pulsed }, off: { channel, intensity: 0, ...pulsed } };
}
