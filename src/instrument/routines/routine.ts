import type * as z from 'zod';
import type { Dataset } from '../../science/dataset.ts';
import type { Analysis, AnalysisContext } from '../../science/metrics/metric.ts';
import type { Command } from '../command.ts';
import type { RoutineProgress } from '../progress.ts';
import { sameRoutine } from '../routine-name.ts';
import type { Settings } from '../settings.ts';

/**
 * How a measurement of the routine ends: `finite` by itself, `until_stopped` when it is told to,
 * `acquire` works in Ready through its custom commands.
 */
type Lifecycle = 'finite' | 'until_stopped' | 'acquire';

/** One documented form of a routine's settings object. */
export interface SettingsForm {
  /** `newest`, or what tells this form apart. */
  name: string;
  /** Loose objects: fields that only some software has pass. Each field made with `setting`. */
  schema: z.ZodObject;
}

/** A column of the dataset. */
interface ResultColumn {
  name: string;
  unit: string;
  meaning: string;
}

/** Everything we know of one routine, as data. */
export interface RoutineDefinition {
  /** Name that `StartRoutine` takes. */
  readonly name: string;
  /** Other names it is started or reported under. */
  readonly aliases: readonly string[];
  readonly title: string;
  /** Description of what the routine measures and how, in two or three sentences. */
  readonly measures: string;
  readonly lifecycle: Lifecycle;
  /** True where GetTestData holds only the latest part while it runs, so that it must be collected meanwhile. */
  readonly collectWhileRunning?: boolean;
  /** Newest first. Empty where the settings are not documented: they are passed through. */
  readonly settings: readonly SettingsForm[];
  /** Reads the `progress` of a status; undefined where it does not say. */
  progress(progress: unknown): RoutineProgress | undefined;
  /** Reads GetTestData in every documented form. Throws z.ZodError where it has none of them. */
  dataset(data: unknown): Dataset;
  /** Computes what the field reads off such data. */
  analyse(dataset: Dataset, context: AnalysisContext): Analysis;
  readonly columns: readonly ResultColumn[];
  /** Its custom commands. */
  readonly commands: readonly Command[];
  /** How long a measurement takes, as a rule. */
  readonly duration: string;
  /** How long a measurement with these settings takes, s; undefined where the settings do not tell, Infinity without an end. */
  expectedSeconds?(settings: Settings): number | undefined;
  /** How many points a measurement with these settings has, at most; undefined where the settings do not tell. */
  expectedPoints?(settings: Settings): number | undefined;
  /**
   * Whether what looks cut short ended by a condition of the routine's own, such as Auto Voc. Without it nothing but a
   * stop ends the routine early.
   */
  endedByItself?(dataset: Dataset, settings: Settings): boolean;
  /** Known problems, and how each of them shows. */
  readonly pitfalls: readonly string[];
}

/** Whether the routine goes by that name, however the name is written. */
export function hasName({ name, aliases }: RoutineDefinition, wanted: string): boolean {
  return [name, ...aliases].some((known) => sameRoutine(known, wanted));
}
