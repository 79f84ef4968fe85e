import type { Bench } from '../bench.ts';
import type { Dialect } from '../request.ts';
import type { ImpedanceMeasurement } from './impedance-measurement.ts';
import type { SampleInfo } from './program.ts';

/** LabVIEW's text for a time that was never set. */
const UNSET_TIME = '1904-01-01T00:00:00.000Z';

const COLUMNS = [
  { name: 'Frequency', unit: 'Hz' },
  { name: 'Impedance_Re', unit: 'Ohm' },
  { name: 'Impedance_Im', unit: 'Ohm' },
  { name: 'Magnitude', unit: 'Ohm' },
  { name: 'Phase', unit: 'deg' },
  // The real instrument says coulomb; the numbers are farads.
  { name: 'Capacitance', unit: 'C' },
];

/**
 * The data of a measurement, complete or not, or of no measurement. The oldest software sends its numbers as
 * text.
 */
export function impedanceData(
  measurement: ImpedanceMeasurement | undefined,
  { info, bench, dialect }: { info: SampleInfo; bench: Bench; dialect: Dialect },
): unknown {
  const cell = (value: number): number | string => (dialect === 'oldest' ? oldText(value) : value);
  return {
    user: measurement?.start.info.user ?? info.user,
    device: measurement?.start.info.device ?? info.device,
    temperature: Number((measurement?.celsius ?? bench.stage.celsius).toFixed(2)),
    test: 'Impedance',
    time: measurement?.start.wallTime.toISOString() ?? UNSET_TIME,
    output_values: {
      light: { unit: 'a.u.', values: measurement?.plan.lights ?? [] },
      offset: { unit: 'V', values: measurement?.offsets ?? [] },
      frequency: { unit: 'Hz', values: measurement?.plan.frequencies ?? [] },
    },
    data_columns: COLUMNS,
    scans: (measurement?.scans ?? []).map(({ light, offset, rows }) => ({
      iteration: { light, offset, frequency: 0 },
      data: rows.map((row) => row.map((value) => cell(value))),
    })),
  };
}

/** Formats a number like the oldest software: "72.80", "-0.00", "Inf"; two decimals, whatever the size. */
function oldText(value: number): string {
  if (Number.isFinite(value)) return value.toFixed(2);
  return value > 0 ? 'Inf' : '-Inf';
}
