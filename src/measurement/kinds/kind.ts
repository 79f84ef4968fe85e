import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { ArgumentTable } from '../arguments/argument.ts';
import type { Settings } from '../arguments/settings-path.ts';
import type { Run } from '../run/run.ts';

/** One kind of measurement that can be asked for, as data. */
export interface MeasurementKind {
  /** The tool that asks for it. */
  readonly tool: string;
  readonly title: string;
  /** For the model: when to use it, what it gives, what it costs. */
  readonly description: string;
  /** The routine it runs; undefined where an argument names it. */
  readonly routine: RoutineDefinition | undefined;
  /** Beside what every measurement takes: device_name, note, settings, wait_s. */
  readonly arguments: ArgumentTable;
  /** Whether area_cm2 matters. */
  readonly usesArea: boolean;
  /**
   * Refuses what makes no sense or is not safe, once the settings are known and before anything is changed. Throws InputError.
   * @param wanted the settings that would be in force
   */
  check?(run: Run, wanted: Settings): Promise<void>;
  /** Does it. What it throws ends the measurement; what had been measured is kept. */
  procedure(run: Run): Promise<void>;
}
