import { InputError, InstrumentError } from '../errors.ts';
import type { InstrumentClient } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import { quote } from '../instrument/quote.ts';
import { genericRoutine } from '../instrument/routines/generic-routine.ts';
import { findRoutine } from '../instrument/routines/index.ts';
import { matchRoutine } from '../instrument/routine-name.ts';
import type { Archive } from './archive/archive.ts';
import type { MeasurementKind } from './kinds/kind.ts';
import { holdingKind, trackingKind } from './kinds/stabilised-power.ts';
import type { MeasureRequest } from './run/measure.ts';

interface Deps {
  client: InstrumentClient;
  archive: Archive;
}

type Arguments = Readonly<Record<string, unknown>>;

/** The routine that carries a request out, on this instrument. Throws InputError. */
export async function chooseRoutine(
  kind: MeasurementKind,
  args: Arguments,
  deps: Deps,
): Promise<MeasureRequest> {
  if (kind === trackingKind) return stabilised(args, deps);
  if (kind.routine !== undefined) return { kind, routine: kind.routine, args };
  const name = String(args['routine']);
  const known = findRoutine(name);
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
  const tracks =
    args['hold_v'] === undefined &&
    (await available(deps)).some((name) => findRoutine(name) === trackingKind.routine);
  const kind = tracks ? trackingKind : holdingKind;
  if (kind.routine === undefined) throw new TypeError('both kinds have a routine');
  const voltage = tracks ? {} : { hold_v: args['hold_v'] ?? (await lastVmpp(args, deps)) };
  return { kind, routine: kind.routine, args: { ...args, ...voltage } };
}

/** V, out of the newest JV of the device: the mean of its directions. */
async function lastVmpp({ device_name: device }: Arguments, { archive }: Deps): Promise<number> {
  const { entries } = await archive.list({
    routine: 'JV',
    limit: 1,
    ...(typeof device === 'string' ? { device } : {}),
  });
  const values = (entries[0]?.metrics ?? []).flatMap(({ name, value }) =>
    name === 'v_mpp' && value !== null ? [value] : [],
  );
  if (values.length > 0)
    return Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(4));
  throw new InputError('this instrument has no MPPT routine, and no JV shows which voltage to hold', {
    hint: 'Call measure_jv of this device first, or give hold_v.',
  });
}

async function available({ client }: Deps): Promise<string[]> {
  try {
    return (await client.send(commands.MAIN.GetAvailableRoutines, {})).routines;
  } catch (error) {
    if (error instanceof InstrumentError) return [];
    throw error;
  }
}
