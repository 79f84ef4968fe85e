import type { CommandObserver } from '../instrument/command-observer.ts';
import { commands } from '../instrument/commands/index.ts';

/** The measurement that this process started last, as far as the commands show it. */
export interface Run {
  /** Area in cm² that SetInfo named, if it did. */
  areaCm2: number | undefined;
  /** Last answers to the routine's own commands, by command name. */
  replies: Readonly<Record<string, unknown>>;
  /** The settings that were in force when it was started; undefined where they could not be read. */
  settings: Readonly<Record<string, unknown>> | undefined;
  /** It was told to stop before it ended by itself. */
  stopped: boolean;
}

/**
 * Remembers under which settings the last measurement was started, since they may be others by the time its data
 * is read. Routines that are opened or closed make it forget: their data is another's.
 */
export class LastRun {
  #settings: Run['settings'];
  #areaCm2: number | undefined;
  #deviceName: string | undefined;
  #replies: Readonly<Record<string, unknown>> = {};
  #run: Omit<Run, 'areaCm2' | 'replies'> | undefined;

  get run(): Run | undefined {
    return this.#run === undefined
      ? undefined
      : { ...this.#run, areaCm2: this.#areaCm2, replies: this.#replies };
  }

  /** The sample as SetInfo named it last. */
  get sample(): { deviceName: string | undefined; areaCm2: number | undefined } {
    return { deviceName: this.#deviceName, areaCm2: this.#areaCm2 };
  }

  readonly observe: CommandObserver = ({ target, command, parameter }) => {
    const name = `${target}.${command}`;
    const before = this.#run;
    if (name === 'ROUTINE.StartMeasurement') this.#run = { settings: this.#settings, stopped: false };
    return (outcome, data) => {
      if (outcome === 'refused' && name === 'ROUTINE.StartMeasurement') this.#run = before;
      if (outcome === 'ok' && name === 'ROUTINE.SetInfo') this.#noteSample(parameter);
      if (outcome === 'ok' && command === 'GetRates') this.#replies = { ...this.#replies, [command]: data };
      if (outcome === 'ok') this.#certain(name, data);
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

  #certain(name: string, data: unknown): void {
    switch (name) {
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
        this.#run = undefined;
        this.#settings = undefined;
        this.#replies = {};
        break;
      default:
    }
  }
}
