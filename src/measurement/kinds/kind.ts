import type { AppliedValue } from '../../archive/applied.ts';
import type { InputError } from '../../errors.ts';
import type { WrittenCommand } from '../../instrument/command-observer.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { ArgumentTable, AskedOf, EffectiveOf } from '../arguments/argument.ts';
import type { Settings } from '../../instrument/settings.ts';
import type { Run } from '../run/run.ts';
import type { Switching } from '../run/switches.ts';

/** Facts that figures rest on beyond the arguments. */
export interface Basis {
  readonly routine: RoutineDefinition;
  /** Undefined before the data is read, and where it could not be. */
  dataset: Dataset | undefined;
  /** When this process last had the lamp calibrated; undefined where it had not. */
  calibratedAt: Date | undefined;
  now: Date;
}

/** One kind of measurement that can be asked for, as data. Made with `defineKind`. */
export interface MeasurementKind<T extends ArgumentTable = ArgumentTable> {
  /** The tool that asks for it. */
  readonly tool: string;
  readonly title: string;
  /** For the model: when to use it, what it gives, what it costs. */
  readonly description: string;
  /** The routine it runs; undefined where an argument names it. */
  readonly routine: RoutineDefinition | undefined;
  /** Beside what every measurement takes: device_name, note, settings, wait_s. */
  readonly arguments: T;
  /** Whether area_cm2 matters. */
  readonly usesArea: boolean;
  /** How long it runs where the routine runs until it is stopped and duration_s is left out. */
  readonly usualSeconds?: number;
  /** Finds the fault in arguments that are each right: they are refused before anything is sent. */
  contradiction?(args: AskedOf<NoInfer<T>>): InputError | undefined;
  /**
   * Commands that are sure to be sent and that a person may have to agree to, as they will be on the wire: they are
   * asked about before anything begins.
   */
  announces?(args: AskedOf<NoInfer<T>>): readonly WrittenCommand[];
  /**
   * Refuses what makes no sense or is not safe, once the settings are known and before anything is changed. Throws InputError.
   * @param wanted the settings that would be in force
   */
  check?(run: Run, wanted: Settings, args: AskedOf<NoInfer<T>>): Promise<void> | void;
  /** Facts beyond the arguments that its figures rest on, by name, such as `probe_spacing_mm`. */
  restsOn?(basis: Basis): Readonly<Record<string, AppliedValue>>;
  /** Names what the routine itself switches on while it measures with these settings. */
  switches?(settings: Settings, routine: RoutineDefinition): readonly Switching[];
  /** How its data is read, where the routine and its settings do not tell. */
  reads?(args: AskedOf<NoInfer<T>>, settings: Settings): Reading;
  /** Carries it out. What it throws ends the measurement; what had been measured is kept. */
  procedure(run: Run, args: EffectiveOf<NoInfer<T>>): Promise<Made>;
}

/** Result of a procedure. */
export interface Made {
  /** Replaces the dataset that is read from the replies. */
  dataset?: Dataset | undefined;
}

/** How the data of a measurement is read. */
export interface Reading {
  /** Analyses the dataset in place of the routine that was run. */
  routine?: RoutineDefinition;
  /** On the sample, mW/cm². */
  irradiance?: number | undefined;
  /** In place of the settings of the routine. */
  settings?: Settings;
}

/** A kind, its arguments typed by its table. */
export function defineKind<T extends ArgumentTable>(kind: MeasurementKind<T>): MeasurementKind {
  return kind;
}
