import type * as z from 'zod';
import { ArkeoError, InstrumentError } from '../../errors.ts';
import type { CommandReply, InstrumentClient } from '../../instrument/client.ts';
import type { Command } from '../../instrument/command.ts';
import { commands } from '../../instrument/commands/index.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Dataset } from '../../science/dataset.ts';
import { applyArguments, argumentsInForce } from '../arguments/apply-arguments.ts';
import type { ArgumentTable } from '../arguments/argument.ts';
import { documentedSettings } from '../arguments/documented.ts';
import { mergeSettings } from '../arguments/merge-settings.ts';
import { isSettings, type Settings } from '../arguments/settings-path.ts';
import { follow } from './follow.ts';
import { Cleanups } from './cleanups.ts';
import type { Keeper } from './keeper.ts';
import type { Session } from './session.ts';
import { describeTimeLeft, timeLeftMs, type Timing } from './timing.ts';

const { ROUTINE } = commands;

/** How far a measurement is. */
export interface RunProgress {
  /** "reverse scan, 0.62 V, 118 of 142 points, about 4 s left" */
  sentence: string;
  /** 0 to 1. */
  fraction: number | undefined;
  leftMs: number | undefined;
}

/** How the arguments of a measurement become settings, and which are refused. */
export interface SettingsRules {
  /** Beside what every measurement takes: device_name, note, settings, wait_s. */
  readonly arguments: ArgumentTable;
  /**
   * Refuses what makes no sense or is not safe, once the settings are known and before anything is changed. Throws InputError.
   * @param wanted the settings that would be in force
   */
  check?(run: Run, wanted: Settings): Promise<void>;
}

export interface RunOptions {
  kind: SettingsRules;
  routine: RoutineDefinition;
  args: Readonly<Record<string, unknown>>;
  session: Session;
  client: InstrumentClient;
  keeper: Keeper;
  onProgress: (progress: RunProgress) => void;
  /** Called with everything known, right before the measurement starts: begins its entry in the archive. */
  begin: () => Promise<void>;
}

/** One measurement under way: what a procedure is written with. */
export class Run {
  readonly args: Readonly<Record<string, unknown>>;
  readonly routine: RoutineDefinition;
  readonly session: Session;
  readonly warnings: string[] = [];
  /** Data of GetTestData, in the order in which it came. */
  readonly replies: unknown[] = [];
  /** Last answers to the routine's own commands, by command name. */
  readonly answers: Record<string, unknown> = {};
  /** Replaces the dataset of the replies, where a procedure makes its own. */
  dataset: Dataset | undefined;
  settings: Settings = {};
  /** How to read the data, where the routine and its settings do not tell. */
  analysis: { routine?: RoutineDefinition; irradiance?: number | undefined; settings?: Settings } = {};
  simulator: string | undefined;
  readonly #options: RunOptions;
  readonly #cleanups = new Cleanups();
  #step = 'preparation';
  #measuring = false;
  #before: string | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.args = options.args;
    this.routine = options.routine;
    this.session = options.session;
  }

  /** What it is doing, for whoever has to be told where it failed. */
  get step(): string {
    return this.#step;
  }

  /** Started, and not seen to end. */
  get measuring(): boolean {
    return this.#measuring;
  }

  get expectedMs(): number | undefined {
    const seconds = this.routine.expectedSeconds?.(this.settings);
    return seconds === undefined ? undefined : seconds * 1000;
  }

  at(step: string): void {
    this.#step = step;
    this.tell(step);
  }

  tell(sentence: string, timing?: Timing): void {
    const left = timing === undefined ? '' : describeTimeLeft(timing);
    this.#options.onProgress({
      sentence: left === '' ? sentence : `${sentence}, ${left}`,
      fraction: timing?.fraction ?? shareOf(timing),
      leftMs: timing && timeLeftMs(timing),
    });
  }

  /**
   * Does something that has to be undone at the end, whatever becomes of the measurement; last in, first out. What the
   * instrument refused need not be undone.
   */
  async doAndUndo(act: () => Promise<unknown>, what: string, undo: () => Promise<unknown>): Promise<void> {
    await this.#cleanups.doAndUndo(act, what, undo);
  }

  /** Undoes now what has to be undone, for a step that needs it undone. Throws ArkeoError. */
  async undoNow(): Promise<void> {
    await this.#cleanups.undoNow();
  }

  /** Undoes what has to be undone; what cannot be undone becomes a warning. */
  async cleanUp(): Promise<void> {
    this.warnings.unshift(...(await this.#cleanups.undoAtEnd()));
  }

  /**
   * Opens the routine, names the sample, and puts the asked settings into force.
   * @param byCommand names the arguments that this instrument takes by a command instead, given its settings
   */
  async prepare(byCommand: (settings: Settings) => readonly string[] = () => []): Promise<void> {
    const { kind, routine, session } = this.#options;
    this.at(`opening ${routine.name}`);
    await session.open(routine.name);
    this.at('settings');
    let found = await session.settings();
    this.settings = found ?? {};
    let wanted = this.#wantedSettings(byCommand(this.settings));
    await kind.check?.(this, wanted);
    this.at('name and area of the sample');
    await this.#nameSample();
    this.at('applying the settings');
    if (found !== undefined && typeof this.args['area_cm2'] === 'number') {
      // Where the area is a setting too it has just changed, and must not be changed back.
      found = await session.settings();
      this.settings = found ?? {};
      wanted = this.#wantedSettings(byCommand(this.settings));
    }
    if (found !== undefined && JSON.stringify(wanted) !== JSON.stringify(found))
      this.settings = await session.apply(wanted);
  }

  /** The settings that would be in force, without applying them. Throws InputError. */
  #wantedSettings(without: readonly string[]): Settings {
    const { kind, routine } = this.#options;
    const args = Object.fromEntries(Object.entries(this.args).filter(([name]) => !without.includes(name)));
    const patch = args['settings'];
    const merged = isSettings(patch)
      ? mergeSettings(this.settings, patch, documentedSettings(routine))
      : this.settings;
    return applyArguments(merged, kind.arguments, args, routine.name, isSettings(patch) ? patch : {});
  }

  async #nameSample(): Promise<void> {
    const { device_name, area_cm2 } = this.args;
    const info = {
      ...(typeof device_name === 'string' ? { device_name } : {}),
      ...(typeof area_cm2 === 'number' ? { device_area: area_cm2 } : {}),
    };
    if (Object.keys(info).length > 0) await this.session.call(ROUTINE.SetInfo, info);
  }

  /** Begins the entry in the archive: from here on the measurement has begun. */
  begin(): Promise<void> {
    return this.#options.begin();
  }

  /** Begins the entry in the archive and starts the measurement. */
  async start(): Promise<void> {
    this.#before = await this.#dataNow();
    this.at('starting');
    await this.begin();
    this.#measuring = true;
    try {
      await this.session.call(ROUTINE.StartMeasurement, {});
    } catch (error) {
      // Refused, or never sent: only what nobody answered may have started.
      if (!(error instanceof ArkeoError) || error.outcome !== 'unknown') this.#measuring = false;
      throw error;
    }
    this.at('measuring');
  }

  /** Waits until the measurement has ended by itself. */
  async follow(onLook?: (this: void, progress: unknown) => Promise<void>): Promise<void> {
    const doubts = await follow({
      session: this.session,
      routine: this.routine,
      expectedMs: this.expectedMs,
      dataChanged: async () => (await this.#dataNow()) !== this.#before,
      onProgress: (timing, sentence) => this.tell(sentence ?? 'measuring', timing),
      onLook,
    });
    this.#measuring = false;
    this.warnings.push(...doubts);
  }

  /** Keeps what there is so far, in case this program ends before the measurement does. */
  keepPartial(dataset: Dataset): Promise<void> {
    return this.#options.keeper.dataset(dataset);
  }

  /** Stops what runs until it is stopped, and whatever else is measuring. */
  async stop(): Promise<void> {
    this.at('stopping');
    await this.session.stop();
    this.#measuring = false;
  }

  /** It is known to have ended, however. */
  ended(): void {
    this.#measuring = false;
  }

  /** Fetches the data, keeps the reply as it came, and returns what is in it. */
  async fetch(): Promise<unknown> {
    if (!this.#measuring) this.at('fetching the data');
    return this.#keep(await this.session.call(ROUTINE.GetTestData, {}));
  }

  /** Fetches the data, and keeps it only if it is other than what came last. */
  async fetchIfNew(): Promise<void> {
    const reply = await this.session.call(ROUTINE.GetTestData, {});
    const last = this.replies.length === 0 ? this.#before : JSON.stringify(this.replies.at(-1));
    if (JSON.stringify(reply.data) !== last) await this.#keep(reply);
  }

  /** After a failure: fetches through another session what there is, unless it is still the data of before. */
  async rescue(session: Session): Promise<void> {
    try {
      const reply = await session.call(ROUTINE.GetTestData, {});
      if (JSON.stringify(reply.data) !== this.#before) await this.#keep(reply);
    } catch (error) {
      if (!(error instanceof ArkeoError)) throw error;
      this.warnings.push(`what had been measured could not be fetched: ${error.message}`);
    }
  }

  async #keep(reply: CommandReply): Promise<unknown> {
    this.simulator = reply.simulator;
    await this.#options.keeper.reply(ROUTINE.GetTestData.name, reply.payload);
    this.replies.push(reply.data);
    return reply.data;
  }

  /** Looks at live data, which the instrument replaces all the time, without keeping the reply. */
  async peek(): Promise<Dataset> {
    const reply = await this.session.call(ROUTINE.GetTestData, {});
    this.simulator = reply.simulator;
    return this.routine.dataset(reply.data);
  }

  /** Sends a command of the routine, and keeps its reply. */
  async command<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<R | undefined> {
    const reply = await this.session.call(command, args);
    this.simulator = reply.simulator;
    this.answers[command.name] = reply.data;
    await this.#options.keeper.reply(command.name, reply.payload);
    return command.result.safeParse(reply.data).data;
  }

  /** Sends a command that takes energy out, whatever else has failed or was told to stop. */
  rescueCommand<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<CommandReply> {
    return this.#options.client.call(command, args);
  }

  /** The arguments as the settings in force hold them. */
  get inForce(): Record<string, unknown> {
    return argumentsInForce(this.settings, this.#options.kind.arguments);
  }

  async #dataNow(): Promise<string | undefined> {
    if (this.routine.lifecycle !== 'finite') return undefined;
    try {
      const { data } = await this.session.call(ROUTINE.GetTestData, {});
      return JSON.stringify(data);
    } catch (error) {
      if (error instanceof InstrumentError) return undefined;
      throw error;
    }
  }
}

function shareOf(timing: Timing | undefined): number | undefined {
  if (timing?.expectedMs === undefined || timing.expectedMs === 0) return undefined;
  return Math.min(0.99, timing.elapsedMs / timing.expectedMs);
}
