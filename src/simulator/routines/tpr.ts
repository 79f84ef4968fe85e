import { REFERENCE_CELL } from '../physics/device.ts';
import type { Dialect } from '../request.ts';
import { checked, object, oneOf } from '../shape.ts';
import type { RoutineProgram } from './program.ts';
import { Settings } from './settings.ts';
import { TprMeasurement } from './tpr-measurement.ts';
import { type Test, TESTS, tprConflict, tprForm, type TprSettings } from './tpr-settings.ts';

const MODE = object({ mode: oneOf(TESTS) });

/** TPR: transient photovoltage at open circuit, or transient photocurrent at short circuit. */
export const tpr: RoutineProgram = {
  name: 'TPR',
  // Documented for the older software, which has no `test` in its settings; here the command works in either.
  customCommands: ['SetMode'],
  open: (bench, { dialect }) => {
    const settings = new Settings<TprSettings>(tprForm(dialect), tprConflict);
    let mode: Test = 'TPV';
    let area = REFERENCE_CELL.area;
    let last: TprMeasurement | undefined;
    const test = (): Test => ('test' in settings.current ? settings.current.test : mode);
    return {
      settings,
      start: (start) => {
        last = new TprMeasurement(test(), settings.current, bench, start);
        return last;
      },
      data: () => tprData(last, test(), area, dialect),
      // The reply is a bare status, without data.
      custom: (_, parameter) => {
        ({ mode } = checked(MODE, parameter));
        if ('test' in settings.current) settings.apply({ test: mode });
      },
      setArea: (claimed) => {
        area = claimed;
      },
    };
  },
};

interface Heading {
  readonly value: string;
  readonly unit: string;
}

const TRACE: readonly Heading[] = [
  { value: 'Voltage', unit: 'V' },
  { value: 'Current', unit: 'A' },
];
const PROCESSED: Record<Test, readonly Heading[]> = {
  TPV: [
    { value: 'Voltage', unit: 'V' },
    { value: 'Recombination Time', unit: 's' },
  ],
  TPC: [
    { value: 'Current Density', unit: 'A/cm^2' },
    { value: 'Charge', unit: 'C' },
  ],
};

/**
 * The data of a measurement, complete or not, or of no measurement. The oldest software has other keys for the
 * same values.
 */
function tprData(last: TprMeasurement | undefined, test: Test, area: number, dialect: Dialect): unknown {
  const shown = last?.test ?? test;
  const old = dialect === 'oldest';
  const headings = (head: readonly Heading[]): unknown =>
    old ? head.map(({ value, unit }) => ({ name: value, unit })) : head;
  return {
    test: shown,
    scans: (last?.traces ?? []).map(({ volts, amperes, edges }, i) => ({
      name: `light:${i}`,
      [old ? 'data_scheme' : 'data_schema']: headings(TRACE),
      data: volts.map((volt, at) => [volt, amperes[at] ?? Number.NaN]),
      'dt (s)': last?.dt,
      'rise_time (s)': edges.rise,
      'fall_time (s)': edges.fall,
    })),
    [old ? 'processed_scheme' : 'processed_schema']: headings(PROCESSED[shown]),
    processed_data: last === undefined ? [] : processed(last, area),
  };
}

/** Voltage and lifetime, to the resolution of one sample; or current density and charge. */
function processed(
  { test, traces, dt, thresholds: { high, low } }: TprMeasurement,
  area: number,
): number[][] {
  return traces.map(({ edges }) =>
    test === 'TPV'
      ? [edges.base, Math.max(edges.fall, dt) / Math.log(high / low)]
      : [edges.base / area, edges.area],
  );
}
