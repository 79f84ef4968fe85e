import { InputError } from '../../errors.ts';
import { ApplyCurrent, resistivity, SetDeviceDimensions } from '../../instrument/routines/resistivity.ts';
import { ASSUMED_SPACING } from '../../science/metrics/resistivity.ts';
import { argument, type EffectiveOf, procedureArgument } from '../arguments/argument.ts';
import { findPath } from '../../instrument/settings.ts';
import type { Run } from '../run/run.ts';
import { settle } from './live.ts';
import { defineKind } from './kind.ts';
import { within } from '../arguments/numbers.ts';

/** A. */
const FIRST_CURRENT = 1e-7;
/** A. */
const MOST_CURRENT = 1e-2;
/** Between one current and the next; the staircase ends where the resistance has stopped changing. */
const STEP = 10;
const PLATEAU = 0.01;
/** V: below, thermoelectric voltages are a part of it. */
const CLEAR_VOLTAGE = 1e-3;
const SETTLE_LIMIT_MS = 15_000;

const mm = within(0.01, 1000);
const current = within(1e-9, 0.1);

const sheetArguments = {
  first_current_a: procedureArgument(current.describe('Default 1e-7.'), { unit: 'A', usual: FIRST_CURRENT }),
  max_current_a: procedureArgument(current.describe('Default 1e-2; thin films burn: 1e-4.'), {
    unit: 'A',
    usual: MOST_CURRENT,
  }),
  v_limit: argument(within(1e-3, 60).describe('Of the source.'), 'V', ['acquisition', 'V limit']),
  thickness_um: argument(within(1e-4, 1e4).describe('0.2 is 200 nm.'), 'µm', [
    'device_dimension',
    'Film Thickness (um)',
  ]),
  length_mm: argument(mm, 'mm', ['device_dimension', 'Length (mm)']),
  width_mm: argument(mm, 'mm', ['device_dimension', 'Width (mm)']),
};
type Arguments = EffectiveOf<typeof sheetArguments>;

export const sheetResistanceKind = defineKind({
  tool: 'measure_sheet_resistance',
  title: 'Measure the sheet resistance',
  description:
    'Four-point probe: sheet resistance, with thickness_um resistivity. The current rises tenfold until it stays the same. About 10 s.',
  routine: resistivity,
  arguments: sheetArguments,
  usesArea: false,
  contradiction: ({ first_current_a: first = FIRST_CURRENT, max_current_a: most = MOST_CURRENT }) => {
    if (first <= most) return undefined;
    return new InputError(`first_current_a ${first} is above max_current_a ${most}`, {
      hint: 'Begin with a small current, 1e-7 A as a rule.',
    });
  },
  restsOn: () => ({
    probe_spacing_mm: {
      value: ASSUMED_SPACING,
      unit: 'mm',
      source: 'assumed',
      note: 'no setting holds it; the correction for the dimensions of the film rests on it',
    },
  }),
  async procedure(run, args) {
    await prepare(run, args);
    await run.start();
    await run.untilRunning();
    await staircase(run, args);
    await run.stop();
    return {};
  },
  // Older software has no settings that would hold the dimensions.
  reads: ({ thickness_um: thickness, length_mm: length, width_mm: width }, settings) =>
    thickness === undefined || findPath(settings, ['device_dimension']) !== undefined
      ? {}
      : {
          settings: {
            device_dimension: {
              'Film Thickness (um)': thickness,
              'Length (mm)': length,
              'Width (mm)': width,
            },
          },
        },
});

const DIMENSIONS = ['thickness_um', 'length_mm', 'width_mm'] as const;

/** Older software takes the dimensions by a command, and has no settings. */
async function prepare(run: Run, args: Arguments): Promise<void> {
  const { thickness_um: thickness, length_mm: length, width_mm: width } = args;
  let byCommand = false;
  await run.prepare((settings) => {
    byCommand = findPath(settings, ['device_dimension']) === undefined;
    return byCommand ? DIMENSIONS : [];
  });
  if (!byCommand || DIMENSIONS.every((name) => args[name] === undefined)) return;
  if (thickness === undefined || length === undefined || width === undefined)
    throw new InputError(`this instrument takes ${DIMENSIONS.join(', ')} only together`, {
      hint: 'Give all three, or none.',
    });
  await run.session.call(SetDeviceDimensions, { thickness, length, width });
}

async function staircase(
  run: Run,
  { first_current_a: first, max_current_a: most }: Arguments,
): Promise<void> {
  let before: number | undefined;
  for (let amperes = first; ; amperes *= STEP) {
    const applied = Math.min(amperes, most);
    const shown = `${Number(applied.toPrecision(3))} A`;
    run.setStep(`current ${shown}`);
    await run.switches.untilStop({ what: 'output', detail: shown }, () =>
      run.session.call(ApplyCurrent, { current: applied }),
    );
    const { reading, reached } = await settle(
      run,
      (now) => Math.abs(Math.abs(now.amperes ?? 0) / applied - 1) < 0.05,
      SETTLE_LIMIT_MS,
    );
    await run.fetch();
    const { volts, amperes: measured } = reading;
    const resistance = volts === null || !measured ? undefined : Math.abs(volts / measured);
    if (!reached) {
      run.warn(
        `at ${shown} only ${measured === null ? 'nothing' : `${measured.toPrecision(3)} A`} flowed: the voltage limit, or a probe that does not touch; the current was not raised further`,
      );
      return;
    }
    const same =
      before !== undefined && resistance !== undefined && Math.abs(resistance / before - 1) < PLATEAU;
    if (same && Math.abs(volts ?? 0) > CLEAR_VOLTAGE) return;
    if (applied >= most) {
      run.warn('the resistance had not settled to 1 % at the largest current');
      return;
    }
    before = resistance;
  }
}
