import type { RoutineDefinition } from '../instrument/routines/routine.ts';
import { type Dataset, rowCount } from '../science/dataset.ts';
import type { Settings } from '../instrument/settings.ts';
import type { StoredMeasurement } from '../archive/archive.ts';
import type { Conditions } from '../conditions/conditions-schema.ts';
import { readReplies } from '../figures/interpret.ts';
import type { MeasureDeps } from '../measurement/run/measured.ts';
import type { RunProgress } from '../measurement/run/run-progress.ts';
import type { Session } from '../measurement/run/session.ts';

export interface RecoveryOptions {
  /** Id of the measurement; if not given, the newest that lacks data. */
  id: string | undefined;
  /** Aborts when the measurement is told to stop. */
  stop: AbortSignal;
  setSubject: (subject: string) => void;
  onProgress: (progress: RunProgress) => void;
}

/** One recovery: what is to be recovered, and what it works with. */
export interface Recovery {
  stored: StoredMeasurement;
  routine: RoutineDefinition;
  session: Session;
  deps: MeasureDeps;
  options: RecoveryOptions;
  /** Data that was kept while it measured. */
  kept: Dataset | undefined;
  /** Its own replies with data, as far as they were kept. */
  replies: unknown[];
  /** How long it was to take, ms. */
  plannedMs: number | undefined;
  settings: Settings | undefined;
  /** Light, temperature and relays as they are now; null where nothing was read. */
  conditions: Conditions | null;
}

/** Rows of all scans; 0 where the data does not have the documented form. */
export function rowsIn(routine: RoutineDefinition, data: unknown): number {
  return readReplies(routine, [data])?.scans.reduce((sum, scan) => sum + rowCount(scan), 0) ?? 0;
}
