import type { Clock } from '../../clock.ts';
import type { ConnectionManager } from '../../connection/connection-manager.ts';
import type { ArkeoError } from '../../errors.ts';
import type { InstrumentClient } from '../../instrument/client.ts';
import type { Product } from '../../instrument/product.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Callers } from '../../safety/caller.ts';
import type { Guard } from '../../safety/guard/guard.ts';
import type { Ownership } from '../../safety/ownership.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Analysis } from '../../science/metrics/metric.ts';
import type { Applied, AppliedValue } from '../../archive/applied.ts';
import type { Archive } from '../../archive/archive.ts';
import type { EndState } from '../../archive/entry.ts';
import type { Conditions } from '../../conditions/conditions-schema.ts';
import type { Settings } from '../../instrument/settings.ts';
import type { KeptData } from '../kept-data.ts';
import type { MeasurementKind } from '../kinds/kind.ts';
import type { LampCalibration } from '../lamp-calibration.ts';
import type { LastRun } from '../last-run.ts';
import type { CheckpointTimes } from './checkpoints.ts';
import type { Sample } from './sample.ts';

export interface MeasureDeps {
  product: Product;
  client: InstrumentClient;
  connection: ConnectionManager;
  ownership: Ownership;
  callers: Callers;
  guard: Guard;
  lastRun: LastRun;
  archive: Archive;
  kept: KeptData;
  calibration: LampCalibration;
  checkpoints: CheckpointTimes;
  /** The user whom measurements are filed under, if the configuration names one. */
  userName: string | undefined;
  /** Versions of this program and of Node. */
  versions: { version: string; node: string };
  now: () => Date;
  clock: Clock;
}

export interface MeasureRequest {
  kind: MeasurementKind;
  routine: RoutineDefinition;
  args: Readonly<Record<string, unknown>>;
  /** Values that were taken from elsewhere, since nobody asked others. */
  taken?: Readonly<Record<string, AppliedValue>>;
  /** Warnings about how it was chosen. */
  warnings?: readonly string[];
}

export interface Failure {
  step: string;
  error: ArkeoError;
  /** State of the routine as the instrument words it; null where it cannot be asked. */
  instrumentState: string | null;
  /** StartMeasurement was refused, or else never sent, with what had been changed before it. */
  notBegun?: { refused: boolean; changed: readonly string[] };
}

/** Outcome of a measurement that was started. */
export interface Measured {
  state: EndState;
  routine: RoutineDefinition;
  /** In the archive; undefined where it could not be written at all. */
  id: string | undefined;
  /** Why it is not, or not wholly, in the archive. */
  notKept: string | undefined;
  /** Size of its table in the archive; undefined where it is not there. */
  tableBytes: number | undefined;
  sample: Sample;
  settings: Settings;
  /** Every argument with its effective value, and what was switched on. */
  applied: Applied;
  conditions: Conditions | undefined;
  dataset: Dataset | undefined;
  analysis: Analysis;
  warnings: string[];
  /** Failures to stop or to switch off, one sentence each. */
  alarms: string[];
  simulated: boolean;
  /** Why it failed, and at which step. */
  failure: Failure | undefined;
}
