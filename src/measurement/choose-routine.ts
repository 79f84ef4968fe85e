import type { ConnectionManager } from '../connection/connection-manager.ts';
import { InputError, InstrumentError } from '../errors.ts';
import type { InstrumentClient } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import { quote } from '../text/quote.ts';
import { genericRoutine } from '../instrument/routines/generic-routine.ts';
import type { Product } from '../instrument/product.ts';
import { hasName } from '../instrument/routines/routine.ts';
import { matchRoutine } from '../instrument/routine-name.ts';
import type { Archive } from '../archive/archive.ts';
import type { MeasurementKind } from './kinds/kind.ts';
import { holdingKind, trackingKind } from './kinds/stabilised-power.ts';
import type { LastRun } from './last-run.ts';
import type { MeasureRequest } from './run/measured.ts';

interface Deps {
  product: Product;
  client: InstrumentClient;
  connection: ConnectionManager;
  archive: Archive;
  lastRun: LastRun;
  now: () => Date;
  signal: AbortSignal;
}

type Arguments = Readonly<Record<string, unknown>>;

/** An operating point that is older is not that of the cell as it is. */
const FRESH_MS = 60 * 60_000;

/** The routine that carries a request out, on this instrument. Throws InputError. */
export async function chooseRoutine(
  kind: MeasurementKind,
  args: Arguments,
  deps: Deps,
): Promise<MeasureRequest> {
  if (kind === trackingKind) return stabilised(args, deps);
  if (kind.routine !== undefined) return { kind, routine: kind.routine, args };
  const name = String(args['routine']);
  const known = deps.product.findRoutine(name);
  if (known !== undefined) return { kind, routine: known, args };
  const listed = await available(deps);
  const found = matchRoutine(name, listed);
  if (found === undefined)
    throw new InputError(
      `there is no routine ${quote(name)}; this instrument lists ${listed.map(quote).join(', ')}`,
      {
        hint: 'Give one of these names.',
      },
    );
  return { kind, routine: genericRoutine(found), args };
}

/** Tracks where there is MPPT and no voltage to hold was given; holds otherwise. */
async function stabilised(args: Arguments, deps: Deps): Promise<MeasureRequest> {
  const holds = { kind: holdingKind, routine: routineOf(holdingKind) };
  if (args['hold_v'] !== undefined) return { ...holds, args };
  const routine = routineOf(trackingKind);
  if ((await available(deps)).some((name) => hasName(routine, name)))
    return { kind: trackingKind, routine, args };
  const { id, volts } = await lastVmpp(args, deps);
  return {
    ...holds,
    args,
    taken: { hold_v: { value: volts, unit: 'V', source: 'measured', note: `V_mpp of ${id}` } },
    warnings: [`holding ${volts} V, the V_mpp of ${id}`],
  };
}

function routineOf({ routine }: MeasurementKind) {
  if (routine === undefined) throw new TypeError('both kinds have a routine');
  return routine;
}

/** V, out of the newest JV of this very device: the mean of its directions. */
async function lastVmpp(
  { device_name: asked }: Arguments,
  { archive, connection, lastRun, now }: Deps,
): Promise<{ id: string; volts: number }> {
  const device = typeof asked === 'string' ? asked : (lastRun.sample.deviceName ?? null);
  const simulated = typeof connection.status().simulator === 'string';
  const { entries } = await archive.list({
    routine: 'JV',
    state: 'complete',
    from: new Date(now().getTime() - FRESH_MS).toISOString(),
  });
  for (const { id, routine, device_name: name, simulated: isSimulated, metrics } of entries) {
    if (routine !== 'JV' || name !== device || isSimulated !== simulated) continue;
    const values = metrics.flatMap((metric) =>
      metric.name === 'v_mpp' && metric.value !== null ? [metric.value] : [],
    );
    if (values.length > 0)
      return {
        id,
        volts: Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(4)),
      };
  }
  throw new InputError(
    `this instrument has no MPPT routine, and no JV of ${device === null ? 'a sample without a name' : quote(device)} of the last hour shows which voltage to hold`,
    { hint: 'Call measure_jv of this device first, or give hold_v.' },
  );
}

async function available({ client, signal }: Deps): Promise<string[]> {
  try {
    return (await client.send(commands.MAIN.GetAvailableRoutines, {}, { signal })).routines;
  } catch (error) {
    if (error instanceof InstrumentError) return [];
    throw error;
  }
}
