import * as z from 'zod';
import { InputError } from '../../errors.ts';
import { commands } from '../../instrument/commands/index.ts';
import { isLit } from '../../instrument/commands/led.ts';
import { connectionTest, SetOutput } from '../../instrument/routines/connection-test.ts';
import { mppt } from '../../instrument/routines/mppt.ts';
import { type Dataset, findColumn } from '../../science/dataset.ts';
import { argument, procedureArgument } from '../arguments/argument.ts';
import type { Run } from '../run/run.ts';
import { lightArguments, lightContradiction, ownLight } from './jv-arguments.ts';
import { defineKind } from './kind.ts';
import { requireRightLight } from './light-checks.ts';
import { LiveSeries } from './live-series.ts';
import { areaOnly, areaSetting } from './sample-arguments.ts';
import { within } from '../arguments/numbers.ts';

const USUAL_SECONDS = 60;
/** Rows of a series that is held, at most. */
const MAX_ROWS = 5000;

const about = {
  tool: 'measure_stabilised_power',
  title: 'Measure the stabilised power',
  description:
    'Power at the maximum power point over duration_s: the efficiency to trust where JV shows hysteresis. Tracks with MPPT if the instrument has it, otherwise holds V_mpp of the last JV.',
} as const;

const duration = procedureArgument(within(5, 86_400).describe('Default 60.'), {
  unit: 's',
  usual: USUAL_SECONDS,
});
/** Hours of tracking need not end with the host that asked for them. */
export const keepRunning = procedureArgument(
  z.boolean().describe('Goes on when this server ends; then a person has to stop it.'),
  { usual: false },
);
const holdVoltage = within(-60, 60).describe('Hold V_mpp of a JV instead of tracking.');
const compliance = within(1e-9, 1).describe('Current limit.');

const trackingArguments = {
  duration_s: duration,
  hold_v: procedureArgument(holdVoltage, { unit: 'V', without: 'MPPT tracks, and holds no voltage' }),
  keep_running: keepRunning,
  area_cm2: areaSetting,
  compliance_a: argument(compliance, 'A', ['*', 'Compliance (A)']),
  ...lightArguments,
};

/** With the MPPT routine, whose settings are not documented: what has no place in them is refused by name. */
export const trackingKind = defineKind({
  ...about,
  usualSeconds: USUAL_SECONDS,
  routine: mppt,
  arguments: trackingArguments,
  usesArea: true,
  contradiction: lightContradiction,
  check: requireRightLight,
  switches: ownLight,
  async procedure(run, { duration_s: seconds }) {
    await run.prepare();
    await run.start();
    await run.track({
      seconds,
      everyMs: Math.max(1000, (seconds * 1000) / 100),
      onLook: (live) => ({ dataset: live, sentence: `tracking${latest(live)}` }),
    });
    await run.stop();
    // The instrument keeps the whole of it.
    await run.fetch();
    return {};
  },
});

const holdArguments = {
  duration_s: duration,
  hold_v: procedureArgument(holdVoltage, { unit: 'V', without: 'a voltage has to be named' }),
  area_cm2: areaOnly,
  compliance_a: argument(compliance, 'A', ['Device_Specific', 'Current limit (A)']),
  light_source: procedureArgument(z.enum(['external']), {
    without: 'the light that was on: the instrument switches none while a voltage is held',
  }),
  irradiance_mw_cm2: procedureArgument(within(0, 1000), {
    unit: 'mW/cm²',
    without: 'nobody stated it: no efficiency is computed',
  }),
};

/** Without it: holds a voltage with Connection Test, which has no light of its own. */
export const holdingKind = defineKind({
  ...about,
  routine: connectionTest,
  arguments: holdArguments,
  usesArea: true,
  check: requireLight,
  reads: ({ irradiance_mw_cm2: irradiance }) => ({ routine: mppt, irradiance }),
  async procedure(run, { hold_v: held, area_cm2: area, duration_s: seconds }) {
    if (held === undefined) throw new TypeError('a voltage is chosen before it is held');
    await run.prepare();
    await run.start();
    await run.untilRunning();
    await run.withUndo({
      act: () => run.session.call(SetOutput, { output: held }),
      what: 'setting the output to 0',
      undo: () => run.rescueCommand(SetOutput, { output: 0 }),
      switching: { what: 'output', detail: `${held} V` },
    });
    const series = new LiveSeries(mppt.name);
    await run.track({
      seconds,
      everyMs: Math.max(500, (seconds * 1000) / MAX_ROWS),
      onLook: (live, elapsed) => {
        series.add(live, elapsed);
        return {
          dataset: withDensity(series.dataset(), area),
          sentence: `holding ${held.toPrecision(4)} V${latest(live)}`,
        };
      },
    });
    await run.cleanUp();
    await run.stop();
    return { dataset: withDensity(series.dataset(), area) };
  },
});

/** The check sees the arguments of the tool, which are those of tracking too. */
async function requireLight({ args, session }: Run): Promise<void> {
  if (args['keep_running'] === true)
    throw new InputError(
      'keep_running does not apply while a voltage is held: nobody would take it off again',
      {
        hint: 'Leave keep_running out, or track with MPPT where the instrument has it (without hold_v).',
      },
    );
  const { light_source: source, light_level_percent: level } = args;
  if (level !== undefined || (source !== undefined && source !== 'external'))
    throw new InputError(
      'while a voltage is held the instrument switches no light: light_level_percent and this light_source do not apply',
      {
        hint: 'Set the light with set_light before, and leave them out; light_source "external" says that a lamp shines on the sample.',
      },
    );
  if (source === 'external') return;
  const boards = (await session.readOptional(commands.LED.GetStatus))?.boards ?? [];
  if (boards.some(isLit)) return;
  throw new InputError('this instrument has no MPPT routine, and while a voltage is held nothing shines', {
    hint: 'Switch the light on first with set_light, preset "sun"; or give light_source "external" if a lamp shines on the sample.',
  });
}

/** Current as density where the area is known, positive when the cell generates. */
function withDensity(dataset: Dataset, area: number | undefined): Dataset {
  if (area === undefined) return dataset;
  return {
    ...dataset,
    scans: dataset.scans.map((scan) => ({
      ...scan,
      columns: scan.columns.map((column) =>
        column.name === 'Current' && column.unit === 'A'
          ? {
              name: 'Current density',
              unit: 'mA/cm²',
              values: column.values.map((value) => (value === null ? null : (value * 1000) / area)),
            }
          : column,
      ),
    })),
  };
}

/** ", 18.42 mW/cm² at 0.911 V" out of the latest row, as far as it is there. */
function latest({ scans }: Dataset): string {
  const value = (name: string): number | undefined =>
    scans.map((scan) => findColumn(scan, name)?.values.at(-1)).find((number) => typeof number === 'number') ??
    undefined;
  const [power, volts] = [value('Power'), value('Voltage')];
  return [
    ...(power === undefined ? [] : [`, ${power.toPrecision(4)} mW/cm²`]),
    ...(volts === undefined ? [] : [` at ${volts.toPrecision(3)} V`]),
  ].join('');
}
