import type { InputError } from '../../errors.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { WrittenCommand } from '../../instrument/command-observer.ts';
import type { Run, SettingsRules } from '../run/run.ts';

/** One kind of measurement that can be asked for, as data. */
export interface MeasurementKind extends SettingsRules {
  /** The tool that asks for it. */
  readonly tool: string;
  readonly title: string;
  /** For the model: when to use it, what it gives, what it costs. */
  readonly description: string;
  /** The routine it runs; undefined where an argument names it. */
  readonly routine: RoutineDefinition | undefined;
  /** Whether area_cm2 matters. */
  readonly usesArea: boolean;
  /** How long it runs where the routine runs until it is stopped and duration_s is left out. */
  readonly usualSeconds?: number;
  /** What is wrong with arguments that are each right: they are refused before anything is sent. */
  contradiction?(args: Readonly<Record<string, unknown>>): InputError | undefined;
  /**
   * Commands that are sure to be sent and that a person may have to agree to, as they will be on the wire: they are
   * asked about before anything begins.
   */
  announces?(args: Readonly<Record<string, unknown>>): readonly WrittenCommand[];
  /** Does it. What it throws ends the measurement; what had been measured is kept. */
  procedure(run: Run): Promise<void>;
}
