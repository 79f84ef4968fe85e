import type { Bench } from '../bench.ts';
import type { Random } from '../random.ts';
import type { Dialect } from '../request.ts';

/** A measurement program of the instrument. One const per routine, one file each; the list is in index.ts. */
export interface RoutineProgram {
  /** As StartRoutine and GetAvailableRoutines have it. */
  readonly name: string;
  /** As GetTestStatus has it, where that differs. */
  readonly reportedName?: string;
  readonly customCommands: readonly string[];
  open(bench: Bench, options: OpenOptions): RoutineSession;
}

interface OpenOptions {
  /** In whose names and forms settings and data are written. */
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
  /** Takes over a device area in cm², where the routine has a setting for it. */
  setArea?(area: number): void;
}

/** What the host needs of a `Settings`, of whatever routine. */
export interface SettingsStore {
  readonly current: unknown;
  apply(patch: unknown): void;
}

export interface MeasurementStart {
  /** Simulated seconds at which Running begins. */
  readonly time: number;
  readonly wallTime: Date;
  readonly info: SampleInfo;
  /** For the noise of this measurement alone. */
  readonly random: Random;
}

/** A measurement under way. A Timeline does the first two for a measurement written as a generator. */
export interface Measurement {
  /** Does what is due up to a moment, in simulated seconds. */
  advanceTo(seconds: number): void;
  /** When it was over; undefined as long as it runs. */
  readonly finishedAt: number | undefined;
  /** The `progress` of GetTestStatus while Running. */
  progress(): unknown;
  /** 0 to 100: what the oldest software has for progress. */
  readonly percent: number;
  /** The `details` of the oldest software's GetStatus. */
  details?(): unknown;
}

/** What the client says about the sample. */
export interface SampleInfo {
  readonly user: string;
  readonly device: string;
}
