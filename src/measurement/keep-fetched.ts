import type { Applied } from '../archive/applied.ts';
import type { CommandReply } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import type { Product } from '../instrument/product.ts';
import type { RoutineDefinition } from '../instrument/routines/routine.ts';
import type { Interpretation } from '../figures/interpret.ts';
import { appliedValues } from './arguments/applied-values.ts';
import type { Settings } from '../instrument/settings.ts';
import { kindsOf } from './kinds/index.ts';
import { originOf, resultOf } from './run/draft.ts';
import { extentOf } from './run/extent.ts';
import { Keeper } from './run/keeper.ts';
import type { MeasureDeps } from './run/measured.ts';
import { judge, NO_STOPS } from './run/verdict.ts';

export interface Fetched {
  tool: string;
  routine: RoutineDefinition;
  reply: CommandReply;
  interpretation: Interpretation;
  request?: Readonly<Record<string, unknown>>;
  /** Warnings about the data that come before all others. */
  warnings?: readonly string[];
}

/**
 * Keeps data that was measured step by step, command by command, as a measurement of its own. Data that is kept
 * already is not kept twice. Returns its id, and why it could not be kept.
 */
export async function keepFetched(
  {
    tool,
    routine,
    reply,
    interpretation: { dataset, analysis, problems },
    request = {},
    warnings = [],
  }: Fetched,
  deps: MeasureDeps,
): Promise<{ id: string | undefined; problem: string | undefined }> {
  const known = deps.kept.idOf(reply.data, deps.lastRun.run?.number);
  if (known !== undefined) return { id: known, problem: undefined };
  const keeper = new Keeper(deps);
  const { run } = deps.lastRun;
  // A run is of the sample of whoever started it, and not of whoever fetches its data.
  const sample = run?.sample ?? deps.lastRun.sample;
  const areaCm2 = sample.areaCm2 ?? dataset?.info.areaCm2 ?? null;
  const { user_name: userName, ...origin } = originOf(deps, reply.simulator);
  await keeper.begin({
    ...origin,
    tool,
    request: { ...request },
    routine: routine.name,
    device_name: sample.deviceName ?? dataset?.info.device ?? null,
    user_name: userName ?? dataset?.info.user ?? null,
    area_cm2: areaCm2,
    area_source: areaCm2 === null ? null : sample.areaCm2 === undefined ? 'assumed' : 'stated',
    settings: run?.settings === undefined ? null : { ...run.settings },
    applied: run?.settings === undefined ? null : appliedBefore(deps.product, routine, run.settings),
    conditions: null,
  });
  keeper.reply(commands.ROUTINE.GetTestData.name, reply.payload);
  if (dataset !== undefined) keeper.dataset(dataset);
  const { state, sentences } = judge({
    lifecycle: routine.lifecycle,
    ending: { how: 'found_ended', whole: true },
    stops: { ...NO_STOPS, accepted: routine.lifecycle === 'finite' && run?.stopped === true },
    extent: extentOf({ routine, settings: run?.settings ?? {}, dataset }),
    fetchedAfterAll: false,
    isThatOfBefore: false,
    needsData: false,
  });
  await keeper.end(
    state,
    resultOf(analysis, [...warnings, ...sentences, ...problems, ...analysis.warnings], dataset),
  );
  if (keeper.id !== undefined && keeper.problem === undefined) deps.kept.note(keeper.id, reply.data);
  return { id: keeper.id, problem: keeper.problem };
}

/** The arguments that settings tell, of a measurement that was made command by command. */
function appliedBefore(product: Product, routine: RoutineDefinition, settings: Settings): Applied | null {
  const kind = kindsOf(product).find((one) => one.routine === routine);
  if (kind === undefined) return null;
  const table = Object.fromEntries(
    Object.entries(kind.arguments).filter(([, { places }]) => places.length > 0),
  );
  return { values: appliedValues({ table, asked: {}, settings }), switched_on: [] };
}
