import type { CommandObserver, WrittenCommand } from '../instrument/command-observer.ts';
import { commands } from '../instrument/commands/index.ts';
import { Changes } from './changes.ts';

/** The measurement that this process started last, as far as the commands show it. */
export interface StartedRun {
  /** Counts the starts of this process. */
  number: number;
  /** Area in cm² that SetInfo named, if it did. */
  areaCm2: number | undefined;
  /** Last answers to the routine's own commands, by command name. */
  replies: Readonly<Record<string, unknown>>;
  /** The settings that were in force when it was started; undefined where they could not be read. */
  settings: Readonly<Record<string, unknown>> | undefined;
  /** It was told to stop before it ended by itself. */
  stopped: boolean;
}

/** What replaces the data of the measurement before, or loses it. */
const REPLACES = [
  'ROUTINE.StartMeasurement',
  'MAIN.StartRoutine',
  'ROUTINE.CloseRoutine',
  'MAIN.CloseRoutine',
];
const REMEMBERED = 50;

/** A command that this process sent and that replaced the data of a measurement, or may have. */
export interface Replacement {
  at: Date;
  /** "ROUTINE.StartMeasurement" */
  command: string;
}

/**
 * Remembers under which settings the last measurement was started, since they may be others by the time its data
 * is read. Routines that are opened or closed make it forget: their data is another's.
 */
export class LastRun {
  /** Counts what may have changed sample or instrument. */
  readonly changes = new Changes();
  #settings: StartedRun['settings'];
  #areaCm2: number | undefined;
  #deviceName: string | undefined;
  #replies: Readonly<Record<string, unknown>> = {};
  #run: Omit<StartedRun, 'areaCm2' | 'replies'> | undefined;
  #starts = 0;
  /** Stops since the last start that were not refused, those without an answer yet included. */
  #stops = 0;
  /** A window was seen open, and not closed by this process since. */
  #seenOpen = false;
  #replacements: readonly Replacement[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** The last ones, oldest first. */
  get replacements(): readonly Replacement[] {
    return this.#replacements;
  }

  get run(): StartedRun | undefined {
    return this.#run === undefined
      ? undefined
      : { ...this.#run, areaCm2: this.#areaCm2, replies: this.#replies };
  }

  /** How many stops came after the last start and were not refused, also where the run is forgotten by now. */
  get stops(): number {
    return this.#stops;
  }

  /** There was one. */
  get mayBeStopped(): boolean {
    return this.#stops > 0;
  }

  /** The sample as SetInfo named it last. */
  get sample(): { deviceName: string | undefined; areaCm2: number | undefined } {
    return { deviceName: this.#deviceName, areaCm2: this.#areaCm2 };
  }

  readonly observe: CommandObserver = (written) => {
    const name = `${written.target}.${written.command}`;
    const before = this.#run;
    const count = this.changes.observe(written);
    const replacement = { at: this.#now(), command: name };
    if (REPLACES.includes(name)) this.#replacements = [...this.#replacements, replacement].slice(-REMEMBERED);
    if (name === 'ROUTINE.StartMeasurement') {
      this.#run = { number: ++this.#starts, settings: this.#settings, stopped: false };
      this.#stops = 0;
    }
    const start = this.#starts;
    const isStop = name === 'ROUTINE.StopMeasurement';
    if (isStop) this.#stops++;
    return (outcome, data) => {
      count(outcome, data);
      if (outcome === 'refused' || outcome === 'not_sent')
        this.#replacements = this.#replacements.filter((other) => other !== replacement);
      if (outcome === 'refused' && name === 'ROUTINE.StartMeasurement') this.#run = before;
      if (outcome === 'refused' && isStop && start === this.#starts) this.#stops--;
      if (outcome === 'ok') this.#certain(name, written, data);
      // It may have switched: what was stated of another pixel must not be taken for this one's.
      else if (outcome === 'unknown' && name === 'MUX.SetStatus') this.#forgetSample();
    };
  };

  #noteSample({ device_name: name, device_area: area }: Readonly<Record<string, unknown>>): void {
    // The area that was stated belongs to the sample that it was stated for.
    if (typeof name === 'string' && name !== this.#deviceName) {
      this.#areaCm2 = undefined;
      this.#deviceName = name;
    }
    if (typeof area === 'number') this.#areaCm2 = area;
  }

  #forgetSample(): void {
    this.#deviceName = undefined;
    this.#areaCm2 = undefined;
  }

  #forgetRun(): void {
    this.#run = undefined;
    this.#settings = undefined;
    this.#replies = {};
    this.#seenOpen = false;
  }

  /** A window that is gone without our closing it: the application may have been restarted, with another sample. */
  #noteActive(routine: string | null): void {
    if (routine !== null) this.#seenOpen = true;
    else if (this.#seenOpen) {
      this.#forgetRun();
      this.#forgetSample();
    }
  }

  #certain(name: string, { command, parameter }: WrittenCommand, data: unknown): void {
    if (command === 'GetRates') this.#replies = { ...this.#replies, [command]: data };
    switch (name) {
      case 'ROUTINE.SetInfo':
        this.#noteSample(parameter);
        break;
      case 'MUX.SetStatus':
        this.#forgetSample();
        break;
      case 'MAIN.GetActiveRoutine':
        this.#noteActive(commands.MAIN.GetActiveRoutine.result.safeParse(data).data?.routine ?? null);
        break;
      case 'ROUTINE.GetSettings':
      case 'ROUTINE.LoadSettings':
        this.#settings = commands.ROUTINE.GetSettings.result.safeParse(data).data?.settings;
        break;
      case 'ROUTINE.ApplySettings':
        this.#settings = undefined;
        break;
      case 'ROUTINE.SetLaser':
        // Rates under another light say nothing.
        this.#replies = {};
        break;
      case 'ROUTINE.StopMeasurement':
        if (this.#run !== undefined) this.#run = { ...this.#run, stopped: true };
        break;
      case 'MAIN.StartRoutine':
      case 'ROUTINE.CloseRoutine':
      case 'MAIN.CloseRoutine':
        this.#forgetRun();
        break;
      default:
    }
  }
}
