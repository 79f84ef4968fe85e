import { type Clock, systemClock } from '../clock.ts';
import type { ConnectionManager } from '../connection/connection-manager.ts';
import type { Disk } from '../files/disk.ts';
import { limitedDisk } from '../files/limited-disk.ts';
import { systemDisk } from '../files/system-disk.ts';
import { InstrumentClient } from '../instrument/client.ts';
import { watchedBy } from '../instrument/command-observer.ts';
import type { Product } from '../instrument/product.ts';
import type { Logger } from '../logger.ts';
import { Archive } from '../archive/archive.ts';
import { Jobs } from '../measurement/jobs.ts';
import type { MeasureDeps, Measured } from '../measurement/run/measured.ts';
import { KeptData } from '../measurement/kept-data.ts';
import { LampCalibration } from '../measurement/lamp-calibration.ts';
import { LastRun } from '../measurement/last-run.ts';
import { type CheckpointTimes, USUAL_CHECKPOINTS } from '../measurement/run/checkpoints.ts';
import { StageWatch } from '../conditions/stage-watch.ts';
import type { ParameterKey } from '../protocol/envelope.ts';
import { AuditLog } from '../safety/audit-log.ts';
import { Callers } from '../safety/caller.ts';
import { Guard, type GuardOptions } from '../safety/guard/guard.ts';
import { Ownership } from '../safety/ownership.ts';
import { ServerRecords } from '../safety/server-records.ts';
import { SettingsWatch } from '../safety/settings-watch.ts';
import { GuardProcess, type GuardProcessOptions } from '../safety/switch-off-guard/guard-process.ts';
import type { Begin } from '../safety/switch-off-guard/messages.ts';
import { writeThing } from '../safety/thing-in-file.ts';
import type { ToolContext } from '../tools/define-tool.ts';
import { keepsRunning } from './keeps-running.ts';
import { VERSION } from '../version.ts';

export interface Parts extends Pick<GuardOptions, 'limits' | 'confirm' | 'allow'> {
  product: Product;
  connection: ConnectionManager;
  logger: Logger;
  /** True for the built-in simulator, which ends with this process: nothing of it can be left over. */
  builtIn: boolean;
  /** Folder of measurements, log and records; absolute. */
  dataFolder: string;
  /** Name of this computer and id of this process, for the archive and the records. */
  host: string;
  pid: number;
  /** This computer since its last start, for whoever compares numbers of processes; undefined: unknown. */
  machine: string | undefined;
  isAlive: (pid: number) => boolean;
  now: () => Date;
  /** Clock for waiting and for time limits; the system's, unless given. */
  clock?: Clock | undefined;
  userName: string | undefined;
  parameterKey: 'auto' | ParameterKey;
  requestTimeoutMs: number;
  /** True if commands are logged in the data folder, which is the default. */
  keepsLog?: boolean | undefined;
  /** How a guard process is started, and what it dials; omitted: there is none. */
  guardProcess?:
    | (Pick<GuardProcessOptions, 'start'> & Pick<Begin, 'instrument' | 'connectTimeoutMs' | 'maxReplyBytes'>)
    | undefined;
  /** File system; omitted: that of this computer. */
  disk?: Disk | undefined;
  /** Intervals at which the partial data of a long measurement is saved; omitted: the default ones. */
  checkpoints?: CheckpointTimes | undefined;
}

export interface Assembled extends ToolContext {
  /** Undefined where nothing on the instrument can outlive this process, or everything is to be left. */
  guardProcess: GuardProcess | undefined;
}

/** Puts everything that tools work with together, around one connection. Nothing is dialled or written yet. */
export function assemble(parts: Parts): Assembled {
  const { product, connection, logger, dataFolder, host, pid, machine, isAlive, now, userName } = parts;
  // One for all that is kept: operations that hang are counted together.
  const disk = parts.disk ?? limitedDisk(systemDisk);
  const server = `${host.replaceAll(/[^\w.-]/g, '_')}_${pid}_${now().getTime().toString(36)}`;
  const ownership = new Ownership(product);
  const callers = new Callers();
  const lastRun = new LastRun(now, callers);
  const calibration = new LampCalibration(now);
  const watch = new SettingsWatch(() => callers.current?.id);
  const audit = new AuditLog({
    folder: parts.keepsLog === false ? undefined : dataFolder,
    disk,
    server,
    now,
    callers,
    logger,
  });
  const records = new ServerRecords({
    folder: dataFolder,
    disk,
    server,
    host,
    pid,
    instrument: parts.builtIn ? undefined : connection.status().address,
    isAlive,
    now,
    ownership,
    logger,
  });
  const jobs = new Jobs<Measured>({ callers, changes: lastRun.changes, now });
  const guard = new Guard({
    product,
    limits: parts.limits,
    confirm: parts.confirm,
    allow: parts.allow,
    ownership,
    watch,
    callers,
    device: () => lastRun.deviceOnInstrument,
    runningJob: () => jobs.running,
  });
  const kept = new KeptData();
  const guardProcess =
    parts.guardProcess === undefined
      ? undefined
      : new GuardProcess({
          start: parts.guardProcess.start,
          begin: {
            instrument: parts.guardProcess.instrument,
            address: connection.status().address,
            connectTimeoutMs: parts.guardProcess.connectTimeoutMs,
            maxReplyBytes: parts.guardProcess.maxReplyBytes,
            requestTimeoutMs: parts.requestTimeoutMs,
            folder: dataFolder,
            server,
            host,
            pid,
          },
          state: () => ({
            on: ownership.on.map(writeThing),
            unverified: ownership.unverified.map(writeThing),
            runSeen: ownership.measurementSeen,
            window: ownership.routine ?? null,
            mayClose: !ownership.hasRun || (jobs.running === undefined && kept.holdsRun(lastRun.run?.number)),
            leave: keepsRunning({ jobs, ownership }),
            parameterKey: client.parameterKey,
            lastAddress: connection.lastAddress ?? null,
          }),
          note: (sentence) => void callers.current?.notes.add(sentence),
          logger,
        });
  const client: InstrumentClient = new InstrumentClient({
    product,
    connection,
    parameterKey: parts.parameterKey,
    requestTimeoutMs: parts.requestTimeoutMs,
    userName,
    observe: watchedBy(
      ownership.observe,
      // Told before anything else: the process may be killed at any moment.
      ...(guardProcess === undefined ? [] : [guardProcess.observe]),
      lastRun.observe,
      calibration.observe,
      watch.observe,
      audit.observe,
      records.observe,
    ),
    caller: () => callers.current?.id,
    gate: {
      async admit(command, read) {
        // It starts beside what the guard reads, and is there when that is read.
        void guardProcess?.before(command);
        await guard.admit(command, read);
        await guardProcess?.before(command);
      },
    },
  });
  const archive = new Archive({ folder: dataFolder, disk, now, host, pid, machine, isAlive, logger });
  const measuring: MeasureDeps = {
    product,
    client,
    connection,
    ownership,
    lastRun,
    calibration,
    archive,
    callers,
    guard,
    kept,
    checkpoints: parts.checkpoints ?? USUAL_CHECKPOINTS,
    userName,
    versions: { version: VERSION, node: process.version },
    now,
    clock: parts.clock ?? systemClock,
  };
  return {
    product,
    connection,
    client,
    ownership,
    lastRun,
    archive,
    jobs,
    measuring,
    stageWatch: new StageWatch(),
    callers,
    guard,
    audit,
    records,
    guardProcess,
  };
}
