import { expect } from 'vitest';
import * as z from 'zod';
import { type Dialect, startSimulator } from '../../../src/simulator/server.ts';
import { untilStatus } from '../../helpers/routine.ts';
import { type Bench, toolsOn } from '../../helpers/tools.ts';

const byScan = z.record(z.string(), z.number().nullable());

/** The part of routine_get_test_data's answer that these tests read. */
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
  metrics: z
    .array(
      z.looseObject({
        name: z.string(),
        values: byScan,
        uncertainties: byScan.default({}),
        reported: byScan.default({}),
      }),
    )
    .transform((groups) =>
      groups.flatMap(({ name, values, uncertainties, reported }) =>
        Object.entries(values).map(([scan, value]) => ({
          name,
          scan,
          value,
          uncertainty: uncertainties[scan] ?? undefined,
          reported: reported[scan] ?? undefined,
        })),
      ),
    ),
  warnings: z.array(z.string()),
  notes: z.array(z.string()),
});
export type Analysed = z.output<typeof analysed>;

type Answered = Awaited<ReturnType<Bench['call']>>;
export type Members = Record<string, unknown>;
const members = z.record(z.string(), z.unknown());

/** Calls a tool that must succeed. */
export async function call(tools: Bench, name: string, args: Members = {}): Promise<Answered> {
  const result = await tools.call(name, args);
  expect(result.isError, result.text).toBe(false);
  return result;
}

/** The tools of a server on a simulator of their own, with a routine open. */
export async function openOn(
  opened: <T extends { close: () => unknown }>(thing: T) => T,
  routine: string,
  { speed, dialect = 'newest' }: { speed: number; dialect?: Dialect },
): Promise<Bench> {
  const simulator = opened(await startSimulator({ dialect, speed }));
  return openRoutine(opened(toolsOn(simulator.port)), routine);
}

async function openRoutine(tools: Bench, routine: string): Promise<Bench> {
  await call(tools, 'main_start_routine', { routine });
  await untilStatus(tools, 'Ready');
  return tools;
}

/** Returns `base` with the members that `patch` names replaced, level by level. */
export function merged(base: Members, patch: Members): Members {
  const changes = Object.entries(patch).map(([key, value]): [string, unknown] => {
    const [inner, by] = [members.safeParse(base[key]), members.safeParse(value)];
    return [key, inner.success && by.success ? merged(inner.data, by.data) : value];
  });
  return { ...base, ...Object.fromEntries<unknown>(changes) };
}

/** Reads the settings, changes some, and writes all of them back. */
export async function change(tools: Bench, patch: Members): Promise<void> {
  const { data } = z
    .looseObject({ data: members })
    .parse((await call(tools, 'routine_get_settings')).structured);
  const inner = members.safeParse(data['settings']);
  const settings = merged(inner.success ? inner.data : data, patch);
  await call(tools, 'routine_apply_settings', { settings });
}

/** Changes settings, measures, and fetches data and analysis. */
export async function measure(tools: Bench, patch: Members = {}): Promise<Analysed> {
  await change(tools, patch);
  await call(tools, 'routine_start_measurement');
  await untilStatus(tools, 'Ready');
  return results(tools);
}

export async function results(tools: Bench): Promise<Analysed> {
  return analysed.parse((await call(tools, 'routine_get_test_data')).structured);
}

/** The value of a metric that must have one. */
export function metric({ metrics }: Analysed, name: string, scan?: string): number {
  const value = metrics.find((one) => one.name === name && (scan === undefined || one.scan === scan))?.value;
  if (value === undefined || value === null) throw new Error(`no ${name}`);
  return value;
}

/** Waits until the stage is at a temperature and stays there. */
export async function holdStage(tools: Bench, celsius: number): Promise<void> {
  await call(tools, 'tmpctl_set_temperature', { temperature: celsius });
  await call(tools, 'tmpctl_set_enable', { enable: true });
  await expect
    .poll(async () => (await call(tools, 'tmpctl_get_status')).text, { timeout: 20_000, interval: 20 })
    .toMatch(new RegExp(`${celsius}(\\.0\\d*)? °C.*(?<!not )stable`, 'is'));
}
