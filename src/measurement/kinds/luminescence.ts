import * as z from 'zod';
import { luminescence } from '../../instrument/routines/luminescence.ts';
import {
  AcquireDark,
  AcquireSingle,
  AutoExposure,
  SetLaser,
} from '../../instrument/routines/luminescence-commands.ts';
import { applyArguments } from '../arguments/apply-arguments.ts';
import { argument, type AskedOf, procedureArgument } from '../arguments/argument.ts';
import type { Run } from '../run/run.ts';
import { announced } from './announced.ts';
import { defineKind } from './kind.ts';
import { InputError } from '../../errors.ts';
import { count, within } from '../arguments/numbers.ts';

const NO_LASER = 'no laser is switched by this measurement';

const luminescenceArguments = {
  laser_percent: procedureArgument(z.number().min(0.1).max(100).describe('Intensity.'), {
    unit: '%',
    without: NO_LASER,
  }),
  laser_channel: procedureArgument(
    count(63, 0).describe('Laser channel; ask the person which laser it drives.'),
    { without: NO_LASER },
  ),
  laser_hz: procedureArgument(within(1, 1e7).describe('PWM frequency, Hz.'), {
    unit: 'Hz',
    without: 'as the instrument has it; it cannot be read',
  }),
  auto_exposure: procedureArgument(z.boolean().describe('Default true: finds the integration time.'), {
    usual: true,
  }),
  integration_ms: argument(within(0.01, 60_000), 'ms', ['integration_time']),
  averages: argument(count(1000), '', ['averages']),
};
type Asked = AskedOf<typeof luminescenceArguments>;

export const luminescenceKind = defineKind({
  tool: 'measure_luminescence',
  title: 'Measure photoluminescence',
  description:
    'Photoluminescence spectrum minus dark: peak, width, strength. LASER with laser_percent and laser_channel: cover closed, a person agrees; off afterwards. Without them: present light, no dark.',
  routine: luminescence,
  arguments: luminescenceArguments,
  usesArea: false,
  contradiction,
  announces: (args) => announced(SetLaser, laserOf(args)?.on),
  async procedure(run, args) {
    await run.prepare();
    const laser = laserOf(args);
    const shine = async (on: boolean): Promise<void> => {
      if (laser === undefined) return;
      run.setStep(on ? 'laser on' : 'laser off');
      if (!on) await run.undoNow();
      else
        await run.withUndo({
          act: () => run.session.call(SetLaser, laser.on),
          what: 'switching the laser off',
          undo: () => run.rescueCommand(SetLaser, laser.off),
          switching: { what: 'laser', detail: laser.detail },
        });
    };
    await shine(true);
    await run.begin();
    if (args.integration_ms !== undefined)
      run.noteValue('auto_exposure', { value: false, source: 'default', note: 'integration_ms was asked' });
    else if (args.auto_exposure) {
      run.setStep('finding the exposure');
      await run.command(AutoExposure, {});
      await restoreAverages(run, args);
    }
    await shine(false);
    if (laser === undefined) run.warn(NO_DARK);
    else {
      // Without light, and after every change of the integration time.
      run.setStep('dark spectrum');
      await run.command(AcquireDark, {});
    }
    await shine(true);
    run.setStep('spectrum');
    await run.acquire(AcquireSingle, {});
    await run.cleanUp();
    await run.fetch();
    return {};
  },
});

/** Arguments that do not go together. */
function contradiction(args: Asked): InputError | undefined {
  const { laser_percent: percent, laser_channel: channel, laser_hz: hz } = args;
  if (args.auto_exposure === true && args.integration_ms !== undefined)
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
async function restoreAverages(run: Run, { averages: asked }: Asked): Promise<void> {
  const found = await run.readSettings();
  if (found === undefined) return;
  run.noteValue('integration_ms', { source: 'measured', note: 'found by AutoExposure' });
  const { averages } = luminescenceArguments;
  if (asked === undefined) run.noteValue('averages', { source: 'measured', note: 'found by AutoExposure' });
  else await run.applySettings(applyArguments(found, { averages }, { averages: asked }, run.routine.name));
}

const NO_DARK =
  'no dark was taken, since this measurement does not switch the light: for a right spectrum store one of this integration time with the light off (luminescence_acquire_dark), then measure again with auto_exposure false';

interface Laser {
  on: LaserSetting;
  off: LaserSetting;
  /** For people. */
  detail: string;
}
type LaserSetting = z.input<typeof SetLaser.parameter>;

function laserOf({
  laser_percent: intensity,
  laser_channel: channel,
  laser_hz: frequency,
}: Pick<Asked, 'laser_percent' | 'laser_channel' | 'laser_hz'>): Laser | undefined {
  if (intensity === undefined) return undefined;
  if (channel === undefined) return { on: { enabled: true }, off: { enabled: false }, detail: 'on' };
  const pulsed = frequency === undefined ? {} : { frequency };
  return {
    on: { channel, intensity, ...pulsed },
    off: { channel, intensity: 0, ...pulsed },
    detail: `channel ${channel}, ${intensity} %${frequency === undefined ? '' : `, ${frequency} Hz`}`,
  };
}
