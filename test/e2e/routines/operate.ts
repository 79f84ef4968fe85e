import { expect } from 'vitest';
import * as z from 'zod';
import type { Host, ToolResult } from '../../helpers/hosts.ts';
import { untilStatus } from '../../helpers/routine.ts';

/** What routine_get_test_data answers, as far as these tests look at it. */
const analysed = z.looseObject({
  routine: z.string(),
  simulated: z.boolean(),
  scans: z.array(
    z.looseObject({
      label: z.string(),
      direction: z.string().nullable(),
      rows: z.number(),
      columns: z.array(z.string()),
    }),
  ),
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      value: z.number().nullable(),
      scan: z.string().optional(),
      uncertainty: z.number().optional(),
      reported: z.number().optional(),
    }),
  ),
  warnings: z.array(z.string()),
});
export type Analysed = z.output<typeof analysed>;

export type Members = Record<string, unknown>;
const members = z.record(z.string(), z.unknown());

/** Calls a tool that must succeed. */
export async function call(host: Host, name: string, args: Members = {}): Promise<ToolResult> {
  const result = await host.call(name, args);
  expect(result.isError, result.text).toBe(false);
  return result;
}

export async function openRoutine(host: Host, routine: string): Promise<Host> {
  await call(host, 'main_start_routine', { routine });
  await untilStatus(host, 'Ready');
  return host;
}

/** `base` with what `patch` names replaced, member by member. */
export function merged(base: Members, patch: Members): Members {
  const changes = Object.entries(patch).map(([key, value]): [string, unknown] => {
    const [inner, by] = [members.safeParse(base[key]), members.safeParse(value)];
    return [key, inner.success && by.success ? merged(inner.data, by.data) : value];
  });
  return { ...base, ...Object.fromEntries<unknown>(changes) };
}

/** Reads the settings, changes some, and writes all of them back. */
export async function change(host: Host, patch: Members): Promise<void> {
  const { data } = z
    .looseObject({ data: members })
    .parse((await call(host, 'routine_get_settings')).structured);
  const inner = members.safeParse(data['settings']);
  const settings = merged(inner.success ? inner.data : data, patch);
  await call(host, 'routine_apply_settings', { settings });
}

/** Changes settings, measures, and fetches data and analysis. */
export async function measure(host: Host, patch: Members = {}): Promise<Analysed> {
  await change(host, patch);
  await call(host, 'routine_start_measurement');
  await untilStatus(host, 'Ready');
  return results(host);
}

export async function results(host: Host): Promise<Analysed> {
  return analysed.parse((await call(host, 'routine_get_test_data')).structured);
}

/** The value of a metric that must have one. */
export function metric({ metrics }: Analysed, name: string, scan?: string): number {
  const value = metrics.find((one) => one.name === name && (scan === undefined || one.scan === scan))?.value;
  if (value === undefined || value === null) throw new Error(`no ${name}`);
  return value;
}

/** Waits until the stage is at a temperature and stays there. */
export async function holdStage(host: Host, celsius: number): Promise<void> {
  await call(host, 'tmpctl_set_temperature', { temperature: celsius });
  await call(host, 'tmpctl_set_enable', { enable: true });
  await expect
    .poll(async () => (await call(host, 'tmpctl_get_status')).text, { timeout: 20_000, interval: 20 })
    .toMatch(new RegExp(`${celsius}(\\.0\\d*)? °C.*(?<!not )stable`, 'is'));
}
