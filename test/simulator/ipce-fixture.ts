import { expect } from 'vitest';
import { z } from 'zod';
import { openRoutine, type Setup, setUp, statusOf, wireNumber } from './helpers.ts';

const ipceData = z.strictObject({
  user: z.string(),
  device: z.string(),
  temperature: z.number(),
  test: z.literal('IPCE'),
  time: z.string(),
  file: z.literal(''),
  scan: z.strictObject({
    name: z.literal('IPCE'),
    columns: z.array(z.string()),
    data: z.array(z.tuple([wireNumber, wireNumber, wireNumber, wireNumber])),
  }),
});
export type Row = z.infer<typeof ipceData>['scan']['data'][number];

type Members = Readonly<Record<string, unknown>>;

export async function openIpce(options: Parameters<typeof setUp>[0] = {}): Promise<Setup> {
  const setup = await setUp(options);
  await openRoutine(setup, 'IPCE');
  return setup;
}

export async function dataOf({ client }: Setup): Promise<z.infer<typeof ipceData>> {
  return ipceData.parse(await client.data('ROUTINE', 'GetTestData'));
}

export async function measure(
  setup: Setup,
  acquisition: Members = {},
  wavelength: Members = {},
): Promise<Row[]> {
  await setup.client.data('ROUTINE', 'ApplySettings', { acquisition, wavelength });
  await setup.client.data('ROUTINE', 'StartMeasurement');
  setup.clock.pass(20_000);
  expect((await statusOf(setup.client)).routine_status).toBe('Ready');
  return (await dataOf(setup)).scan.data;
}

export function lastIntegral(rows: readonly Row[]): number {
  return (rows.at(-1)?.[3] ?? Number.NaN) * 1000;
}

export function eqeAt(rows: readonly Row[], nm: number): number {
  return rows.find(([at]) => at === nm)?.[1] ?? Number.NaN;
}
