import { expect } from 'vitest';
import { z } from 'zod';
import { openRoutine, type Setup, setUp, statusOf, wireNumber } from './helpers.ts';

const cell = z.union([wireNumber, z.string()]);
const output = z.strictObject({ unit: z.string(), values: z.array(wireNumber) });
export const impedanceData = z.strictObject({
  user: z.string(),
  device: z.string(),
  temperature: z.number(),
  test: z.literal('Impedance'),
  time: z.string(),
  output_values: z.strictObject({ light: output, offset: output, frequency: output }),
  data_columns: z.array(z.strictObject({ name: z.string(), unit: z.string() })),
  scans: z.array(
    z.strictObject({
      iteration: z.strictObject({ light: z.number(), offset: z.number(), frequency: z.number() }),
      data: z.array(z.array(cell)),
    }),
  ),
});
export type ImpedanceData = z.infer<typeof impedanceData>;

export interface Wanted {
  start?: number;
  stop?: number;
  steps?: number;
  amplitude?: number;
  offset?: object;
  light?: object;
}

function settingsFor({ start = 0.01, stop = 0.01, steps = 1, amplitude = 0.005, offset, light }: Wanted) {
  return {
    config: {
      frequency: {
        ramp: { 'Start (Hz)': start, 'Stop (Hz)': stop, Steps: steps },
        'Amplitude (V)': amplitude,
        Periods: 1,
      },
      ...(offset && { offset }),
      ...(light && { light }),
    },
  };
}

export async function dataOf({ client }: Setup): Promise<ImpedanceData> {
  return impedanceData.parse(await client.data('ROUTINE', 'GetTestData'));
}

export async function measure(setup: Setup, wanted: Wanted): Promise<ImpedanceData> {
  await setup.client.data('ROUTINE', 'ApplySettings', settingsFor(wanted));
  await setup.client.data('ROUTINE', 'StartMeasurement');
  setup.clock.pass(5000);
  expect((await statusOf(setup.client)).routine_status).toBe('Ready');
  return dataOf(setup);
}

export async function open(): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'Impedance');
  return setup;
}

export const fixed = (volts: number): object => ({ mode: 'Fixed', 'Offset (V)': volts });
export const ONE_SUN = { mode: 'Fixed', Level: 1 };

/** Re Z in the first point of the first scan. */
export function resistance({ scans }: ImpedanceData): number {
  return Number(scans[0]?.data[0]?.[1]);
}
