import { commands } from '../../src/instrument/commands/index.ts';
import { jv } from '../../src/instrument/routines/jv.ts';
import { Archive, type OpenEntry, type RecordDraft } from '../../src/archive/archive.ts';
import { sha256 } from '../../src/archive/stored.ts';
import { type Answered, type Rig, startRig } from './measuring.ts';

const GONE = 424_242;
const OFTEN_MS = 200;
const NEVER_MS = 2 ** 31 - 1;
export const parts = { isAlive: (pid: number) => pid === process.pid };

/** What a server that is gone, or lives, has in the archive of a measurement on this instrument. */
export async function begun(
  { tools }: Rig,
  changes: Partial<RecordDraft> = {},
  { pid = GONE, agoMs = 0 } = {},
): Promise<OpenEntry> {
  const archive = new Archive({
    folder: tools.archive.folder,
    now: () => new Date(Date.now() - agoMs),
    host: 'this',
    machine: 'this',
    pid,
    isAlive: parts.isAlive,
    // A server that is gone shows no sign of life.
    heartbeatMs: parts.isAlive(pid) ? OFTEN_MS : NEVER_MS,
  });
  const settings = await tools.client.send(commands.ROUTINE.GetSettings, {}).catch(() => undefined);
  const before = await tools.client.call(commands.ROUTINE.GetTestData, {}).catch(() => undefined);
  return archive.begin({
    tool: 'measure_jv',
    request: {},
    routine: 'JV',
    device_name: null,
    user_name: null,
    area_cm2: 0.1,
    area_source: 'stated',
    simulated: true,
    simulator: 'arkeo-mcp test',
    instrument: tools.connection.status().address,
    software: { name: 'arkeo-mcp', version: '0', node: 'v20' },
    settings: settings?.settings ?? null,
    conditions: null,
    data_before: { sha256: before === undefined ? null : sha256(JSON.stringify(before.data)) },
    ...changes,
  });
}

interface Begun {
  routine?: string;
  speed?: number;
  /** It is awaited. */
  ends?: boolean;
  /** So long ago, by the archive. */
  agoMs?: number;
  /** Of what the archive knows of it. */
  changes?: Partial<RecordDraft>;
}

/** A measurement that was begun by a server that is gone since, and has ended on the instrument, unless told otherwise. */
export async function interrupted(
  onTestFinished: (close: () => Promise<void>) => void,
  { routine = 'JV', speed = 50, ends = true, changes = {}, agoMs = 0 }: Begun = {},
): Promise<{ rig: Rig; entry: OpenEntry }> {
  const rig = await startRig(onTestFinished, { speed, parts });
  rig.other('MAIN', 'StartRoutine', { routine });
  await rig.untilStatus('Ready');
  const entry = await begun(rig, changes, { agoMs });
  await startAndEnd(rig, ends);
  return { rig, entry };
}

export async function startAndEnd(rig: Rig, ends = true): Promise<void> {
  rig.other('ROUTINE', 'StartMeasurement');
  if (ends) await rig.untilStatus('Ready');
  else await rig.untilStatus('Running');
}

/** As a checkpoint of its first rows would have. */
export async function keepHalf({ tools }: Rig, entry: OpenEntry): Promise<void> {
  const { data, payload } = await tools.client.call(commands.ROUTINE.GetTestData, {});
  const dataset = jv.dataset(data);
  const scans = dataset.scans.slice(0, 1).map((scan) => ({
    ...scan,
    columns: scan.columns.map((one) => ({ ...one, values: one.values.slice(0, 20) })),
  }));
  await entry.keepPartial({ ...dataset, scans }, payload);
}

/** The answer of recover_measurement. */
export const recover = ({ tools }: Rig, args = {}): Promise<Answered> =>
  tools.call('recover_measurement', { wait_s: 50, ...args });

/** How the archive has an entry. */
export const stateOf = async ({ tools }: Rig, { id }: OpenEntry) => (await tools.archive.read(id)).state;
