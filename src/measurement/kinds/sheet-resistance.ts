import { InputError } from '../../errors.ts';
import { ApplyCurrent, resistivity, SetDeviceDimensions } from '../../instrument/routines/resistivity.ts';
import { argument, type ArgumentTable, steering } from '../arguments/argument.ts';
import { findPath } from '../arguments/settings-path.ts';
import type { Run } from '../run/run.ts';
import { settle, untilRunning } from './live.ts';
import type { MeasurementKind } from './kind.ts';
import { within } from '../arguments/numbers.ts';

const FIRST_CURRENT = 1e-7;
const MOST_CURRENT = 1e-2;
/** Between one current and the next; the staircase ends where the resistance has stopped changing. */
const STEP = 10;
const PLATEAU = 0.01;
/** V: below, thermoelectric voltages are a part of it. */
const CLEAR_VOLTAGE = 1e-3;
const SETTLE_LIMIT_MS = 15_000;

const mm = within(0.01, 1000);
const current = within(1e-9, 0.1);

const sheetArguments: ArgumentTable = {
  first_current_a: steering(current.describe('Default 1e-7.')),
  max_current_a: steering(current.describe('Default 1e-2; thin films burn: 1e-4.')),
  v_limit: argument(within(1e-3, 60).describe('Of the source.'), ['acquisition', 'V limit']),
  thickness_um: argument(within(1e-4, 1e4).describe('0.2 is 200 nm.'), [
    'device_dimension',
    'Film Thickness (um)',
  ]),
  length_mm: argument(mm, ['device_dimension', 'Length (mm)']),
  width_mm: argument(mm, ['device_dimension', 'Width (mm)']),
};

export const sheetResistanceKind: MeasurementKind = {
  tool: 'measure_sheet_resistance',
  title: 'Measure the sheet resistance',
  description:
    'Four-point probe: sheet resistance, with thickness_um resistivity. The current rises tenfold until it stays the same. About 10 s.',
  routine: resistivity,
  arguments: sheetArguments,
  usesArea: false,
  contradiction: (args) => {
    const first = Number(args['first_current_a'] ?? FIRST_CURRENT);
    const most = Number(args['max_current_a'] ?? MOST_CURRENT);
    if (first <= most) return undefined;
    return new InputError(`first_current_a ${first} is above max_current_a ${most}`, {
      hint: 'Begin with a small current, 1e-7 A as a rule.',
    });
  },
  async procedure(run) {
    await prepare(run);
    await run.start();
    await untilRunning(run);
    await staircase(run);
    await run.stop();
  },
};

const DIMENSIONS = ['thickness_um', 'length_mm', 'width_mm'];

/** Older software takes the dimensions by a command, and has no settings. */
async function prepare(run: Run): Promise<void> {
  const { thickness_um: thickness, length_mm: length, width_mm: width } = run.args;
  let byCommand = false;
  await run.prepare((settings) => {
    byCommand = findPath(settings, ['device_dimension']) === undefined;
    return byCommand ? DIMENSIONS : [];
  });
  if (!byCommand || DIMENSIONS.every((name) => run.args[name] === undefined)) return;
  if (typeof thickness !== 'number' || typeof length !== 'number' || typeof width !== 'number')
    throw new InputError(`this instrument takes ${DIMENSIONS.join(', ')} only together`, {
      hint: 'Give all three, or none.',
    });
  await run.session.call(SetDeviceDimensions, { thickness, length, width });
  run.analysis = {
    settings: {
      device_dimension: { 'Film Thickness (um)': thickness, 'Length (mm)': length, 'Width (mm)': width },
    },
  };
}

async function staircase(run: Run): Promise<void> {
  const most = Number(run.args['max_current_a'] ?? MOST_CURRENT);
  let before: number | undefined;
  for (let amperes = Number(run.args['first_current_a'] ?? FIRST_CURRENT); ; amperes *= STEP) {
    const applied = Math.min(amperes, most);
    run.at(`current ${Number(applied.toPrecision(3))} A`);
    await run.session.call(ApplyCurrent, { current: applied });
    const { reading, reached } = await settle(
      run,
      (now) => Math.abs(Math.abs(now.amperes ?? 0) / applied - 1) < 0.05,
      SETTLE_LIMIT_MS,
    );
    await run.fetch();
    const { volts, amperes: measured } = reading;
    const resistance = volts === null || !measured ? undefined : Math.abs(volts / measured);
    if (!reached) {
      run.warnings.push(
        `at ${Number(applied.toPrecision(3))} A only ${measured === null ? 'nothing' : `${measured.toPrecision(3)} A`} flowed: the voltage limit, or a probe that does not touch; the current was not raised further`,
      );
      return;
    }
    const same =
      before !== undefined && resistance !== undefined && Math.abs(resistance / before - 1) < PLATEAU;
    if (same && Math.abs(volts ?? 0) > CLEAR_VOLTAGE) return;
    if (applied >= most) {
      run.warnings.push('the resistance had not settled to 1 % at the largest current');
      return;
    }
    before = resistance;
  }
}
