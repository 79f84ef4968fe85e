import type { CommandObserver } from '../instrument/command-observer.ts';
import type { Effect, Observation } from '../instrument/effects.ts';
import type { Callers } from '../safety/caller.ts';
import { Changes } from './changes.ts';

/** A sample as a caller stated it; the area in cm². */
export interface StatedSample {
  deviceName: string | undefined;
  areaCm2: number | undefined;
}
const NOBODY: StatedSample = { deviceName: undefined, areaCm2: undefined };

/** The measurement that this process started last, as far as the commands show it. */
export interface StartedRun {
  /** Counts the starts of this process. */
  number: number;
  /** Sample as the caller stated it that started the run. */
  sample: StatedSample;
  /** Last answers to the routine's own commands, by command name. */
  replies: Readonly<Record<string, unknown>>;
  /** The settings that were in force when it was started; undefined where they could not be read. */
  settings: Readonly<Record<string, unknown>> | undefined;
  /** It was told to stop before it ended by itself. */
  stopped: boolean;
}

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
  #stated: StatedSample & { by: string | undefined } = { ...NOBODY, by: undefined };
  #deviceOnInstrument: string | undefined;
  #replies: Readonly<Record<string, unknown>> = {};
  #run: (Omit<StartedRun, 'sample' | 'replies'> & { by: string | undefined }) | undefined;
  #starts = 0;
  /** Stops since the last start that were not refused, those without an answer yet included. */
  #stops = 0;
  /** A window was seen open, and not closed by this process since. */
  #seenOpen = false;
  #replacements: readonly Replacement[] = [];
  readonly #now: () => Date;
  readonly #callers: Callers;

  constructor(now: () => Date, callers: Callers) {
    this.#now = now;
    this.#callers = callers;
  }

  /** The last ones, oldest first. */
  get replacements(): readonly Replacement[] {
    return this.#replacements;
  }

  get run(): StartedRun | undefined {
    if (this.#run === undefined) return undefined;
    const { by, ...run } = this.#run;
    return { ...run, sample: this.#statedBy(by), replies: this.#replies };
  }

  /** How many stops came after the last start and were not refused, also where the run is forgotten by now. */
  get stops(): number {
    return this.#stops;
  }

  /** There was one. */
  get mayBeStopped(): boolean {
    return this.#stops > 0;
  }

  /** The sample as the present caller stated it last by SetInfo: nothing where another caller has named one since. */
  get sample(): StatedSample {
    return this.#statedBy(this.#callers.current?.id);
  }

  /** The device name that the instrument was told last, by any caller: its limits hold for all. */
  get deviceOnInstrument(): string | undefined {
    return this.#deviceOnInstrument;
  }

  readonly observe: CommandObserver = (written) => {
    const { target, command, effects } = written;
    const before = this.#run;
    const by = this.#callers.current?.id;
    const count = this.changes.observe(written);
    const replacement = { at: this.#now(), command: `${target}.${command}` };
    if (effects.some(replacesData))
      this.#replacements = [...this.#replacements, replacement].slice(-REMEMBERED);
    const isStart = effects.some(isOwnStart);
    if (isStart) {
      this.#run = { number: ++this.#starts, settings: this.#settings, stopped: false, by };
      this.#stops = 0;
    }
    const start = this.#starts;
    const isStop = effects.some(({ type }) => type === 'stops');
    if (isStop) this.#stops++;
    return (outcome, shown) => {
      count(outcome, shown);
      if (outcome === 'refused' || outcome === 'not_sent')
        this.#replacements = this.#replacements.filter((other) => other !== replacement);
      if (outcome === 'refused' && isStart) this.#run = before;
      if (outcome === 'refused' && isStop && start === this.#starts) this.#stops--;
      if (outcome === 'ok') {
        for (const effect of effects) this.#noteDone(effect, by);
        for (const observation of shown) this.#noteShown(command, observation);
        // The relays may have switched: the name of one pixel must not be taken for that of another.
      } else if (outcome === 'unknown' && effects.some(({ type }) => type === 'sets_relays'))
        this.#forgetSample();
    };
  };

  #statedBy(caller: string | undefined): StatedSample {
    const { by, deviceName, areaCm2 } = this.#stated;
    return by === caller ? { deviceName, areaCm2 } : NOBODY;
  }

  #noteSample(
    { deviceName, areaCm2 }: Extract<Effect, { type: 'names_sample' }>,
    by: string | undefined,
  ): void {
    if (deviceName !== undefined) this.#deviceOnInstrument = deviceName;
    if (deviceName === undefined && areaCm2 === undefined) return;
    const before = this.#statedBy(by);
    // A stated area belongs to the sample that it was stated for.
    const isOther = deviceName !== undefined && deviceName !== before.deviceName;
    this.#stated = {
      by,
      deviceName: deviceName ?? before.deviceName,
      areaCm2: areaCm2 ?? (isOther ? undefined : before.areaCm2),
    };
  }

  #forgetSample(): void {
    this.#stated = { ...NOBODY, by: undefined };
    this.#deviceOnInstrument = undefined;
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

  #noteDone(effect: Effect, by: string | undefined): void {
    switch (effect.type) {
      case 'names_sample':
        return this.#noteSample(effect, by);
      case 'sets_relays':
        return this.#forgetSample();
      case 'changes_settings':
        this.#settings = undefined;
        return;
      case 'sets_laser':
        // Rates under another light say nothing.
        this.#replies = {};
        return;
      case 'stops':
        if (this.#run !== undefined) this.#run = { ...this.#run, stopped: true };
        return;
      case 'opens_window':
      case 'closes_window':
        return this.#forgetRun();
      case 'changes_settings_about':
      case 'connects_relays':
      case 'heats':
      case 'not_documented':
      case 'selects_controller':
      case 'sets_leds':
      case 'sets_output':
      case 'sets_shutter':
      case 'starts':
      case 'stops_heating':
        return;
    }
  }

  #noteShown(command: string, observation: Observation): void {
    switch (observation.type) {
      case 'window':
        return this.#noteActive(observation.routine);
      case 'settings':
        this.#settings = observation.settings;
        return;
      case 'reading':
        this.#replies = { ...this.#replies, [command]: observation.data };
        return;
      case 'controllers':
      case 'leds':
      case 'relays':
      case 'shutter':
      case 'status':
        return;
    }
  }
}

/** A calibration leaves the data of the measurement before. */
function isOwnStart(effect: Effect): boolean {
  return effect.type === 'starts' && effect.what === 'measurement';
}

/** The data of the measurement before is replaced, or can no longer be fetched. */
function replacesData(effect: Effect): boolean {
  return isOwnStart(effect) || effect.type === 'opens_window' || effect.type === 'closes_window';
}
