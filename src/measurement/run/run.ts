import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import { InstrumentError } from '../../errors.ts';
import type { CommandReply, InstrumentClient } from '../../instrument/client.ts';
import type { Command } from '../../instrument/command.ts';
import { commands } from '../../instrument/commands/index.ts';
import type { RoutineProgress } from '../../instrument/progress.ts';
import type { RoutineStatus } from '../../instrument/routine-status.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Dataset } from '../../science/dataset.ts';
import { differences } from '../../text/differences.ts';
import type { ValueNote } from '../arguments/applied-values.ts';
import type { ArgumentTable } from '../arguments/argument.ts';
import type { Settings } from '../../instrument/settings.ts';
import { Checkpoints, type CheckpointTimes } from './checkpoints.ts';
import type { Cleanups, Undoable } from './cleanups.ts';
import type { Lasted } from './extent.ts';
import { follow, type SeenEnd } from './follow.ts';
import type { Keeper } from './keeper.ts';
import type { OpeningDeps } from './opening.ts';
import { patiently } from './patience.ts';
import { isUnderWay, type Lifecycle } from './phase.ts';
import { prepare } from './preparation.ts';
import { RunData } from './run-data.ts';
import { progressOf, type RunObserver } from './run-progress.ts';
import type { Session } from './session.ts';
import { START, startOutcomeOf } from './start-outcome.ts';
import type { Switches, Switching } from './switches.ts';
import type { Timing } from './timing.ts';
import { track, type TrackOptions } from './track.ts';
import { untilRunning } from './until-running.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

const { ROUTINE } = commands;

/** The part of a kind that a run needs to know; see `MeasurementKind`. */
export interface RunRules {
  readonly arguments: ArgumentTable;
  check?(run: Run, wanted: Settings, args: Readonly<Record<string, unknown>>): Promise<void> | void;
  switches?(settings: Settings, routine: RoutineDefinition): readonly Switching[];
}

export interface RunOptions {
  kind: RunRules;
  routine: RoutineDefinition;
  args: Readonly<Record<string, unknown>>;
  session: Session;
  client: InstrumentClient;
  opening: OpeningDeps;
  keeper: Keeper;
  lifecycle: Lifecycle;
  cleanups: Cleanups;
  switches: Switches;
  checkpoints: CheckpointTimes;
  observer: RunObserver;
  /** Opens the entry in the archive, with everything known right before the measurement starts. */
  begin: (starts: boolean) => Promise<void>;
  /** The settings that were read last before the start, by whomever; undefined where there are none. */
  settingsAtStart: () => Settings | undefined;
}

/** How its end was seen; what was not seen is undefined. */
export interface SeenOfEnd extends Partial<SeenEnd> {
  /** A safe_shutdown had come already. */
  shutDown?: boolean;
  /** How long a measurement lasted that ended before the time that was asked. */
  time?: Lasted;
}

/**
 * The steps of one measurement, with which a procedure is written. A procedure returns what it made; everything about
 * how far the measurement has come is kept by the steps themselves.
 */
export class Run {
  /** Arguments as asked. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly routine: RoutineDefinition;
  readonly session: Session;
  readonly data: RunData;
  readonly switches: Switches;
  readonly #options: RunOptions;
  readonly #warnings: string[] = [];
  readonly #changed: string[] = [];
  readonly #answers: Record<string, unknown> = {};
  readonly #notes = new Map<string, ValueNote>();
  #settings: Settings = {};
  #opened = false;
  #live: Dataset | undefined;
  #end: SeenOfEnd = {};
  #step = 'preparation';

  constructor(options: RunOptions) {
    this.#options = options;
    this.args = options.args;
    this.routine = options.routine;
    this.session = options.session;
    this.switches = options.switches;
    this.data = new RunData(options.keeper);
  }

  get clock(): Clock {
    return this.session.clock;
  }

  /** The settings of the routine as the instrument returned them last. */
  get settings(): Settings {
    return this.#settings;
  }

  /** The step under way, in words. */
  get step(): string {
    return this.#step;
  }

  /** Started, or perhaps started, and not known to have ended. */
  get underWay(): boolean {
    return isUnderWay(this.#options.lifecycle.phase);
  }

  get seenMeasuring(): boolean {
    return this.#options.lifecycle.phase.name === 'measuring';
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Changes to the instrument before the start, in words; without the window. */
  get changed(): readonly string[] {
    return this.#changed;
  }

  /** The window of the routine was opened for it. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Last answers to the routine's own commands, by command name. */
  get answers(): Readonly<Record<string, unknown>> {
    return this.#answers;
  }

  /** Values that neither an argument nor a setting tells, by the name of the argument. */
  get notes(): ReadonlyMap<string, ValueNote> {
    return this.#notes;
  }

  /** The data that was gathered from live looks so far. */
  get live(): Dataset | undefined {
    return this.#live;
  }

  get end(): Readonly<SeenOfEnd> {
    return this.#end;
  }

  /** By its settings; undefined where they do not tell. */
  get expectedMs(): number | undefined {
    const seconds = this.routine.expectedSeconds?.(this.#settings);
    return seconds === undefined || !Number.isFinite(seconds) ? undefined : seconds * 1000;
  }

  setStep(step: string): void {
    this.#step = step;
    this.reportProgress(step);
  }

  reportProgress(doing: string | RoutineProgress, timing?: Timing): void {
    this.#options.observer.onProgress(progressOf(doing, timing));
  }

  /** Shows whoever watches the data that there is so far. */
  showLive(dataset: Dataset): void {
    this.#options.observer.onLive(dataset);
  }

  /** Adds a sentence to the warnings of the measurement. */
  warn(sentence: string): void {
    this.#warnings.push(sentence);
  }

  /** Notes that a value came from elsewhere than the arguments and the settings. */
  noteValue(name: string, note: ValueNote): void {
    this.#notes.set(name, { ...this.#notes.get(name), ...note });
  }

  /** Does something that has to be undone at the end, whatever becomes of the measurement; last in, first out. */
  withUndo(undoable: Undoable): Promise<void> {
    return this.#options.cleanups.withUndo(undoable);
  }

  /** Undoes now what has to be undone, for a step that needs it undone. Throws ArkeoError. */
  undoNow(): Promise<void> {
    return this.#options.cleanups.undoNow();
  }

  /** Undoes what has to be undone; what cannot be undone is among the alarms of the measurement. */
  cleanUp(): Promise<void> {
    return this.#options.cleanups.undoAtEnd();
  }

  /**
   * Opens the routine, names the sample, and puts the asked settings into force.
   * @param byCommand names the arguments that this instrument takes by a command instead, given its settings
   */
  prepare(byCommand: (settings: Settings) => readonly string[] = () => []): Promise<void> {
    const { kind, opening } = this.#options;
    const { args, routine, session } = this;
    return prepare(
      {
        args,
        routine,
        session,
        setStep: (step) => this.setStep(step),
        noteOpened: () => void (this.#opened = true),
        noteChanged: (what) => void this.#changed.push(what),
        noteSettings: (settings) => void (this.#settings = settings),
      },
      { arguments: kind.arguments, check: async (wanted) => kind.check?.(this, wanted, args), byCommand },
      opening,
    );
  }

  /** Reads the settings anew, where the instrument has changed them itself; undefined where it has none. */
  async readSettings(): Promise<Settings | undefined> {
    const found = await this.#options.opening.guard.readAsShown(() => this.session.settings());
    if (found !== undefined) this.#settings = found;
    return found;
  }

  /** Applies settings. Throws InstrumentError where they are not in force afterwards. */
  async applySettings(settings: Settings): Promise<void> {
    this.#settings = await this.session.apply(settings);
  }

  /** Opens the entry in the archive: from here on every end is an answer. For a routine that is started otherwise. */
  begin(): Promise<void> {
    return this.#options.begin(false);
  }

  /** Opens the entry in the archive and starts the measurement. */
  async start(): Promise<void> {
    const { lifecycle, opening, keeper, kind } = this.#options;
    if (this.routine.lifecycle === 'finite') await this.data.noteBefore(this.session);
    this.setStep('starting');
    // A question to a person must not leave an entry behind.
    await opening.guard.checkAhead([START], (command) => this.session.send(command, {}));
    await this.#options.begin(true);
    lifecycle.note({ type: 'start_sent' });
    try {
      await this.session.call(ROUTINE.StartMeasurement, {});
    } catch (error) {
      lifecycle.note({ type: 'start_answered', outcome: startOutcomeOf(error) });
      throw error;
    }
    lifecycle.note({ type: 'start_answered', outcome: 'accepted' });
    keeper.noteStart('accepted');
    this.#noteSettingsAtStart();
    this.switches.byRoutine(kind.switches?.(this.#settings, this.routine) ?? []);
    this.setStep('measuring');
  }

  #noteSettingsAtStart(): void {
    const held = this.#options.settingsAtStart();
    if (held === undefined) return;
    const others = differences(this.#settings, held);
    if (others.length > 0)
      this.warn(`somebody changed the settings right before the start: ${others.join('; ')}`);
    this.#settings = held;
  }

  /** Waits until the instrument says Running, so that what is set takes effect. Throws InstrumentError. */
  untilRunning(): Promise<void> {
    return untilRunning(this);
  }

  /** Waits until the measurement has ended by itself. */
  async follow(onLook?: (this: void, progress: unknown) => Promise<void>): Promise<void> {
    const { checkpoints, keeper } = this.#options;
    const seen = await follow({
      run: this,
      changed: () => this.data.changed(this.session),
      onLook,
      checkpoints: new Checkpoints(checkpoints, () =>
        writeCheckpoint(this.routine, {
          data: this.data,
          session: this.session,
          keeper,
          onLive: (dataset) => this.showLive(dataset),
        }),
      ),
    });
    this.#end = { ...seen, shutDown: this.session.shutDown };
    this.#options.lifecycle.note({ type: 'finished' });
  }

  /**
   * Watches what runs until it is stopped, for a time that begins with its first data, and stops it. It may end by
   * itself before. Throws InstrumentError where no data comes. Returns the dataset of the last look.
   */
  async track(options: TrackOptions): Promise<void> {
    const { keeper } = this.#options;
    const { endedAfter } = await track(this, {
      ...options,
      onLook: (live, elapsed) => {
        const looked = options.onLook(live, elapsed);
        this.#live = looked.dataset;
        this.showLive(looked.dataset);
        return looked;
      },
      keep: (dataset, reply) => keeper.partial(dataset, reply),
    });
    if (endedAfter === undefined) return;
    const own = this.routine.expectedSeconds?.(this.#settings);
    this.#end = { time: { lasted: endedAfter, asked: options.seconds, own } };
    this.#options.lifecycle.note({ type: 'finished' });
  }

  /** Stops what runs until it is stopped: all that was asked is measured. */
  async stop(): Promise<void> {
    if (!this.underWay) return;
    this.setStep('stopping');
    await this.session.tellToStop();
    this.switches.noteStopped();
    await this.session.untilStopped();
    this.#options.lifecycle.note({ type: 'finished' });
  }

  noteMeasuring(): void {
    this.#options.lifecycle.note({ type: 'seen_measuring' });
  }

  /** Reads while it measures, or after: as often as needed where the network is away. Throws ArkeoError, Stopped. */
  read<T>(act: () => Promise<T>): Promise<T> {
    return patiently(this.session, act, (sentence) => this.reportProgress(sentence));
  }

  status(): Promise<RoutineStatus> {
    return this.read(() => this.session.status());
  }

  pause(ms: number): Promise<void> {
    return this.session.pause(ms);
  }

  /** Fetches the data, keeps the reply as it came, and returns what is in it. */
  fetch(): Promise<unknown> {
    if (!this.underWay) this.setStep('fetching the data');
    return this.#fetched(() => this.data.fetch(this.session));
  }

  /** Fetches the data, and keeps it only if it is other than what came last. */
  fetchIfNew(): Promise<void> {
    return this.#fetched(() => this.data.fetchIfNew(this.session));
  }

  async #fetched<T>(fetch: () => Promise<T>): Promise<T> {
    const finished = this.#options.lifecycle.phase.name === 'finished';
    const fetched = await this.read(fetch);
    this.data.isWhole ||= finished;
    return fetched;
  }

  /**
   * Looks at live data, which the instrument replaces all the time, without keeping the reply. Throws InstrumentError
   * where the data does not have the documented form.
   */
  async peek(): Promise<Dataset> {
    const data = await this.read(() => this.data.peek(this.session));
    try {
      return this.routine.dataset(data);
    } catch (error) {
      throw unreadable(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
    }
  }

  /** Sends a command of the routine, and keeps its reply. */
  async command<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<R | undefined> {
    const reply = await this.session.call(command, args);
    this.data.simulator = reply.simulator;
    this.#answers[command.name] = reply.data;
    this.#options.keeper.reply(command.name, reply.payload);
    return command.result.safeParse(reply.data).data;
  }

  /** The same for the command that takes what is measured: after it only fetching is left. */
  async acquire<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<void> {
    await this.command(command, args);
    this.#options.lifecycle.note({ type: 'finished' });
  }

  /** Sends a command that takes energy out, whatever else has failed or was told to stop. */
  rescueCommand<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<CommandReply> {
    return this.#options.client.call(command, args);
  }
}

function unreadable(reason: string): InstrumentError {
  return new InstrumentError(
    `the live data of ROUTINE.GetTestData does not have the documented form: ${reason}`,
    {
      code: 'unexpected_reply',
      outcome: 'unknown',
      hint: 'routine_get_test_data shows the data as it came.',
    },
  );
}
