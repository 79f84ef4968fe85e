import type * as z from 'zod';
import type { CommandReply, InstrumentClient } from '../../instrument/client.ts';
import type { Command } from '../../instrument/command.ts';
import { commands } from '../../instrument/commands/index.ts';
import { differences } from '../../text/differences.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { RoutineProgress } from '../../instrument/progress.ts';
import type { RoutineStatus } from '../../instrument/routine-status.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { SwitchedOn } from '../../archive/applied.ts';
import type { StartOutcome } from '../../archive/record.ts';
import { ArkeoError } from '../../errors.ts';
import type { ValueNote } from '../arguments/applied-values.ts';
import type { ArgumentTable } from '../arguments/argument.ts';
import type { Settings } from '../arguments/settings-path.ts';
import { Checkpoints, type CheckpointTimes } from './checkpoints.ts';
import { Cleanups, type Undoable } from './cleanups.ts';
import { type EarlyEnd, follow } from './follow.ts';
import { writeCheckpoint } from './write-checkpoint.ts';
import type { Keeper } from './keeper.ts';
import type { OpeningDeps } from './opening.ts';
import { patiently } from './patience.ts';
import { prepare } from './preparation.ts';
import { RunData } from './run-data.ts';
import { progressOf, type RunObserver } from './run-progress.ts';
import type { Session } from './session.ts';
import { START, startOutcomeOf } from './start-outcome.ts';
import { Switches, type Switching } from './switches.ts';
import type { Timing } from './timing.ts';

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
  /** Values that were taken from elsewhere, since nobody asked others. */
  taken: Readonly<Record<string, ValueNote>>;
  session: Session;
  client: InstrumentClient;
  opening: OpeningDeps;
  now: () => Date;
  keeper: Keeper;
  checkpoints: CheckpointTimes;
  observer: RunObserver;
  /** Called with everything known, right before the measurement starts: begins its entry in the archive. */
  begin: () => Promise<void>;
  /** The settings that were read last before the start, by whomever; undefined where there are none. */
  settingsAtStart: () => Settings | undefined;
}

/** One measurement under way: what a procedure is written with. */
export class Run {
  readonly args: Readonly<Record<string, unknown>>;
  readonly routine: RoutineDefinition;
  readonly session: Session;
  readonly data: RunData;
  readonly warnings: string[] = [];
  /** What of the instrument was changed before the start. */
  readonly changed: string[] = [];
  /** The window of the routine was opened for it. */
  opened = false;
  /** Last answers to the routine's own commands, by command name. */
  readonly answers: Record<string, unknown> = {};
  /** Values that neither an argument nor a setting tells, by the name of the argument. */
  readonly notes: Map<string, ValueNote>;
  /** Everything that was switched on for it. */
  readonly switches: Switches;
  /** Replaces the dataset of the replies, where a procedure makes its own. */
  dataset: Dataset | undefined;
  settings: Settings = {};
  /** A safe_shutdown had begun when its end was seen. */
  endedInShutdown = false;
  /** Where its end looks early. */
  earlyEnd: EarlyEnd | undefined;
  /** It ended before the time that was asked for. */
  wasCutShort = false;
  /** How to read the data, where the routine and its settings do not tell. */
  analysis: { routine?: RoutineDefinition; irradiance?: number | undefined; settings?: Settings } = {};
  /** Its entry in the archive was begun: from then on every end is an answer. */
  entryOpened = false;
  /** What became of StartMeasurement; undefined before it, and where the routine is started otherwise. */
  startOutcome: StartOutcome | undefined;
  /** It could not be stopped, as a sentence. */
  notStopped: string | undefined;
  readonly #options: RunOptions;
  readonly #cleanups: Cleanups;
  /** What is on until the measurement is stopped. */
  #untilStop: SwitchedOn[] = [];
  /** What the routine itself switches on while it measures. */
  #byRoutine: readonly SwitchedOn[] = [];
  #step = 'preparation';
  #state: 'before' | 'starting' | 'seen measuring' | 'ended' | 'finished' = 'before';

  constructor(options: RunOptions) {
    this.#options = options;
    this.args = options.args;
    this.routine = options.routine;
    this.session = options.session;
    this.data = new RunData(options.keeper);
    this.notes = new Map(Object.entries(options.taken));
    this.switches = new Switches(options.now);
    this.#cleanups = new Cleanups(this.switches);
  }

  /** Notes that a value came from elsewhere than the arguments and the settings. */
  noteValue(name: string, note: ValueNote): void {
    this.notes.set(name, { ...this.notes.get(name), ...note });
  }

  /** What it is doing, for whoever has to be told where it failed. */
  get step(): string {
    return this.#step;
  }

  /** Started, or perhaps started, and not seen to end. */
  get measuring(): boolean {
    return this.#state === 'starting' || this.#state === 'seen measuring';
  }

  /** What the instrument holds or measures now is not of this measurement. */
  get neverStarted(): boolean {
    return this.startOutcome === 'not_sent' || this.startOutcome === 'refused';
  }

  get seenMeasuring(): boolean {
    return this.#state === 'seen measuring';
  }

  /** The instrument has measured all that was asked: only the fetching is left. */
  get finished(): boolean {
    return this.#state === 'finished';
  }

  /** What could not be switched off, one sentence each: nothing is more important. */
  get alarms(): string[] {
    return [...(this.notStopped === undefined ? [] : [this.notStopped]), ...this.#cleanups.failures];
  }

  get expectedMs(): number | undefined {
    const seconds = this.routine.expectedSeconds?.(this.settings);
    return seconds === undefined ? undefined : seconds * 1000;
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

  /**
   * Does something that has to be undone at the end, whatever becomes of the measurement; last in, first out. What the
   * instrument refused need not be undone.
   */
  withUndo(undoable: Undoable): Promise<void> {
    return this.#cleanups.withUndo(undoable);
  }

  /** Switches something on that the stop of the measurement switches off. */
  async untilStop(switching: Switching, act: () => Promise<unknown>): Promise<void> {
    const [on] = this.#untilStop;
    const before = on?.detail;
    const entry = on ?? this.switches.on(switching);
    if (on !== undefined) this.switches.change(on, switching);
    else this.#untilStop.push(entry);
    try {
      await act();
    } catch (error) {
      if (error instanceof ArkeoError && error.outcome !== 'unknown') {
        if (before !== undefined) entry.detail = before;
        else this.#forgetUntilStop(entry);
      }
      throw error;
    }
  }

  #forgetUntilStop(entry: SwitchedOn): void {
    this.switches.forget(entry);
    this.#untilStop = this.#untilStop.filter((other) => other !== entry);
  }

  /** Notes that the instrument took the word to stop: what was on until then is off. */
  noteStopped(): void {
    for (const entry of this.#untilStop.splice(0)) this.switches.off(entry, 'acknowledged');
  }

  /** Notes how it is known that what the routine switched on is off again. @param lit the LED boards afterwards; undefined where nobody could read them */
  noteRoutineOff(lit: boolean | undefined): void {
    for (const entry of this.#byRoutine) {
      if (entry.what !== 'light' || lit === undefined) continue;
      this.switches.off(entry, lit ? 'failed' : 'read_back');
    }
  }

  /** Undoes now what has to be undone, for a step that needs it undone. Throws ArkeoError. */
  undoNow(): Promise<void> {
    return this.#cleanups.undoNow();
  }

  /** Undoes what has to be undone; what cannot be undone is among the alarms. */
  cleanUp(): Promise<void> {
    return this.#cleanups.undoAtEnd();
  }

  /**
   * Opens the routine, names the sample, and puts the asked settings into force.
   * @param byCommand names the arguments that this instrument takes by a command instead, given its settings
   */
  prepare(byCommand: (settings: Settings) => readonly string[] = () => []): Promise<void> {
    const { kind, opening } = this.#options;
    const check = async (wanted: Settings): Promise<void> => kind.check?.(this, wanted, this.args);
    return prepare(this, { arguments: kind.arguments, check }, opening, byCommand);
  }

  /** Begins the entry in the archive: from here on the measurement has begun. */
  begin(): Promise<void> {
    return this.#options.begin();
  }

  /** Begins the entry in the archive and starts the measurement. */
  async start(): Promise<void> {
    if (this.routine.lifecycle === 'finite') await this.data.noteBefore(this.session);
    this.setStep('starting');
    // What a person has to agree to must not leave an entry behind.
    await this.#options.opening.guard.foresee([START], (command) => this.session.send(command, {}));
    // Whoever finds the entry of a server that was killed cannot know either.
    this.startOutcome = 'unknown';
    await this.begin();
    this.#state = 'starting';
    try {
      await this.session.call(ROUTINE.StartMeasurement, {});
    } catch (error) {
      this.startOutcome = startOutcomeOf(error);
      // Only what nobody answered may have started.
      if (this.neverStarted) this.#state = 'before';
      throw error;
    }
    this.startOutcome = 'accepted';
    this.#options.keeper.noteStart('accepted');
    this.#noteSettings();
    this.#byRoutine = (this.#options.kind.switches?.(this.settings, this.routine) ?? []).map((switching) =>
      this.switches.on(switching),
    );
    this.setStep('measuring');
  }

  #noteSettings(): void {
    const held = this.#options.settingsAtStart();
    if (held === undefined) return;
    const others = differences(this.settings, held);
    if (others.length > 0)
      this.warnings.push(`somebody changed the settings right before the start: ${others.join('; ')}`);
    this.settings = held;
  }

  /** Waits until the measurement has ended by itself. */
  async follow(onLook?: (this: void, progress: unknown) => Promise<void>): Promise<void> {
    const { checkpoints, keeper } = this.#options;
    this.earlyEnd = await follow({
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
    this.endedInShutdown = this.session.shutDown;
    this.finish();
  }

  /**
   * Keeps what there is so far, in case this program or the window ends before the measurement does.
   * @param reply that it was read from
   */
  keepPartial(dataset: Dataset, reply?: Buffer): void {
    this.#options.keeper.partial(dataset, reply);
  }

  /** Stops what runs until it is stopped: all that was asked is measured. */
  async stop(): Promise<void> {
    this.setStep('stopping');
    await this.session.tellToStop();
    this.noteStopped();
    await this.session.untilStopped();
    this.finish();
  }

  noteMeasuring(): void {
    if (this.#state === 'starting') this.#state = 'seen measuring';
  }

  /** It is known to have ended, however. */
  ended(): void {
    this.#state = 'ended';
  }

  /** The instrument has measured all that was asked. */
  finish(): void {
    this.#state = 'finished';
  }

  /** Reads while it measures, or after: as often as needed where the network is away. Throws ArkeoError, Stopped. */
  read<T>(act: () => Promise<T>): Promise<T> {
    return patiently(this.session, act, (sentence) => this.reportProgress(sentence));
  }

  status(): Promise<RoutineStatus> {
    return this.read(() => this.session.status());
  }

  /** Fetches the data, keeps the reply as it came, and returns what is in it. */
  fetch(): Promise<unknown> {
    if (!this.measuring) this.setStep('fetching the data');
    return this.#fetched(() => this.data.fetch(this.session));
  }

  /** Fetches the data, and keeps it only if it is other than what came last. */
  fetchIfNew(): Promise<void> {
    return this.#fetched(() => this.data.fetchIfNew(this.session));
  }

  async #fetched<T>(fetch: () => Promise<T>): Promise<T> {
    const { finished } = this;
    const fetched = await this.read(fetch);
    this.data.isWhole ||= finished;
    return fetched;
  }

  /** Looks at live data, which the instrument replaces all the time, without keeping the reply. */
  async peek(): Promise<Dataset> {
    return this.routine.dataset(await this.read(() => this.data.peek(this.session)));
  }

  /** Sends a command of the routine, and keeps its reply. */
  async command<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<R | undefined> {
    const reply = await this.session.call(command, args);
    this.data.simulator = reply.simulator;
    this.answers[command.name] = reply.data;
    this.#options.keeper.reply(command.name, reply.payload);
    return command.result.safeParse(reply.data).data;
  }

  /** Sends a command that takes energy out, whatever else has failed or was told to stop. */
  rescueCommand<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<CommandReply> {
    return this.#options.client.call(command, args);
  }
}
