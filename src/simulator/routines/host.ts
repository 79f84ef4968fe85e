import type { Bench } from '../bench.ts';
import type { Clock } from '../clock.ts';
import { ERROR, InstrumentError } from '../instrument-error.ts';
import type { Dialect } from '../request.ts';
import type { Measurement, RoutineProgram, RoutineSession, SampleInfo } from './program.ts';

/** s: duration of the opening of a routine's window. */
const OPENING_TIME = 1;
/** s: from StartMeasurement to Running. */
const STARTING_TIME = 0.3;

type RoutineStatus = 'Initializing' | 'Ready' | 'Starting' | 'Running' | 'Error';

interface OpenRoutine {
  readonly program: RoutineProgram;
  readonly session: RoutineSession;
  status: RoutineStatus;
  /** Moment at which Initializing or Starting ends. */
  nextAt: number;
  measurement: Measurement | undefined;
  failure: { code: number; message: string } | undefined;
}

/**
 * The one routine window that can be open, and its states: Initializing → Ready ⇄ Starting → Running → Ready,
 * and Error until ClearErrors. There is no state for "finished".
 */
export class RoutineHost {
  readonly #bench: Bench;
  readonly #clock: Clock;
  readonly #dialect: Dialect;
  #open: OpenRoutine | undefined;
  #info: SampleInfo = { user: 'User', device: 'Sample' };
  #area: number | undefined;
  #measurements = 0;
  #smuFailsAt = Number.POSITIVE_INFINITY;

  constructor(bench: Bench, clock: Clock, dialect: Dialect) {
    this.#bench = bench;
    this.#clock = clock;
    this.#dialect = dialect;
  }

  get info(): SampleInfo {
    return this.#info;
  }

  /** Name of the open routine. */
  get activeName(): string | undefined {
    return this.#open?.program.name;
  }

  /** The open routine. Throws 4006 if none is open. */
  get active(): Readonly<OpenRoutine> {
    return this.#required();
  }

  /** Advances everything that happens by itself to a moment, in simulated seconds. */
  advanceTo(seconds: number): void {
    const open = this.#open;
    if (open !== undefined) this.#advanceRoutine(open, seconds);
    this.#bench.advanceTo(seconds);
  }

  /**
   * Opens a routine. Refused while another is open: the application shows one routine window, and closing that
   * one unasked would throw its data away. (The documentation does not say.)
   */
  open(program: RoutineProgram): void {
    if (this.#open !== undefined) {
      const name = this.#open.program.name;
      throw new InstrumentError(ERROR.routineOpen, `routine ${name} is open; close it first`);
    }
    const session = program.open(this.#bench, { dialect: this.#dialect });
    if (this.#area !== undefined) session.setArea?.(this.#area);
    this.#open = {
      program,
      session,
      status: 'Initializing',
      nextAt: this.#clock.seconds() + OPENING_TIME,
      measurement: undefined,
      failure: undefined,
    };
  }

  /** Closes the window at any time; a running measurement is lost. */
  close(): void {
    this.#required();
    this.#open = undefined;
  }

  startMeasurement(): void {
    const open = this.#ready('StartMeasurement');
    const time = this.#clock.seconds() + STARTING_TIME;
    open.measurement = open.session.start({
      time,
      wallTime: this.#clock.wallTime(),
      info: this.#info,
      random: this.#bench.random.fork(`measurement ${++this.#measurements}`),
    });
    open.status = 'Starting';
    open.nextAt = time;
  }

  /** Ends the measurement; its data so far remain. Returns false if none was running. */
  stopMeasurement(): boolean {
    const open = this.#required();
    if (open.status !== 'Starting' && open.status !== 'Running') return false;
    open.status = 'Ready';
    open.measurement = undefined;
    return true;
  }

  applySettings(patch: unknown): void {
    this.#ready('ApplySettings').session.settings.apply(patch);
  }

  /** Takes over sample information, which stays when the routine is closed, like that of the main window. */
  setInfo({ area, ...names }: Partial<SampleInfo> & { area?: number }): void {
    const open = this.#required();
    this.#info = { ...this.#info, ...names };
    if (area === undefined) return;
    this.#area = area;
    open.session.setArea?.(area);
  }

  clearErrors(): void {
    const open = this.#required();
    open.failure = undefined;
    if (open.status === 'Error') open.status = 'Ready';
  }

  /** Makes the SMU silent from a moment on (simulated seconds); the measurement under way then fails, once. */
  breakSmu(seconds: number): void {
    this.#smuFailsAt = seconds;
  }

  #advanceRoutine(open: OpenRoutine, seconds: number): void {
    if (open.status === 'Initializing' && open.nextAt <= seconds) open.status = 'Ready';
    if (open.status === 'Starting' && open.nextAt <= seconds) open.status = 'Running';
    if (open.measurement === undefined) return;
    open.measurement.advanceTo(Math.min(seconds, this.#smuFailsAt));
    if (open.measurement.finishedAt !== undefined) {
      open.status = 'Ready';
      open.measurement = undefined;
    } else if (this.#smuFailsAt <= seconds) {
      open.status = 'Error';
      open.failure = { code: ERROR.smuNotResponding, message: 'SMU not responding' };
      open.measurement = undefined;
      this.#smuFailsAt = Number.POSITIVE_INFINITY;
    }
  }

  #ready(command: string): OpenRoutine {
    const open = this.#required();
    if (open.status === 'Ready') return open;
    throw new InstrumentError(
      ERROR.notReady,
      `${command} is only possible in state Ready; the routine is ${open.status}`,
    );
  }

  #required(): OpenRoutine {
    if (this.#open === undefined) throw new InstrumentError(ERROR.noActiveRoutine, 'no active routine');
    return this.#open;
  }
}
