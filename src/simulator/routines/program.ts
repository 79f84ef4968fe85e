import type { Bench } from '../bench.ts';
import type { Random } from '../random.ts';
import type { Dialect } from '../request.ts';

/** A measurement program of the instrument. One const per routine, one file each; the list is in index.ts. */
export interface RoutineProgram {
  /** Name in StartRoutine and GetAvailableRoutines. */
  readonly name: string;
  /** Name in GetTestStatus, if that differs. */
  readonly reportedName?: string;
  readonly customCommands: readonly string[];
  open(bench: Bench, options: OpenOptions): RoutineSession;
}

interface OpenOptions {
  /** Age of the software whose names and forms settings and data have. */
  readonly dialect: Dialect;
}

/** An open routine: its settings, its last data. */
export interface RoutineSession {
  readonly settings: SettingsStore;
  /** Prepares a measurement that begins at `start.time`. Throws InstrumentError to refuse. */
  start(start: MeasurementStart): Measurement;
  /** The `data` of GetTestData: before, during and after a measurement. */
  data(info: SampleInfo): unknown;
  /** Carries out one of the program's custom commands and returns the `data` of the reply. */
  custom(command: string, parameter: unknown): unknown;
  /** Takes over a device area in cm², if the routine has a setting for it. */
  setArea?(area: number): void;
}

/** The part of `Settings` that the host uses, whatever the routine. */
export interface SettingsStore {
  readonly current: unknown;
  apply(patch: unknown): void;
}

export interface MeasurementStart {
  /** Simulated seconds at which Running begins. */
  readonly time: number;
  readonly wallTime: Date;
  readonly info: SampleInfo;
  /** Randomness for the noise of this measurement alone. */
  readonly random: Random;
}

/**
 * A measurement under way. A Timeline implements the first two members for a measurement written as a
 * generator.
 */
export interface Measurement {
  /** Does everything that is due up to a moment, in simulated seconds. */
  advanceTo(seconds: number): void;
  /** Moment at which the measurement ended; undefined while it runs. */
  readonly finishedAt: number | undefined;
  /** The `progress` of GetTestStatus while Running. */
  progress(): unknown;
  /** Progress for the oldest software, 0 to 100. */
  readonly percent: number;
  /** The `details` of the oldest software's GetStatus. */
  details?(): unknown;
}

/** Sample information as the client states it. */
export interface SampleInfo {
  readonly user: string;
  readonly device: string;
}
