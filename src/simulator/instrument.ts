import { Bench } from './bench.ts';
import type { Clock } from './clock.ts';
import { ERROR, InstrumentError } from './instrument-error.ts';
import { Random } from './random.ts';
import { type Dialect, decodeRequest, type SimulatorRequest } from './request.ts';
import { RoutineHost } from './routines/host.ts';
import { ledTarget } from './targets/led.ts';
import { mainTarget } from './targets/main.ts';
import { muxTarget } from './targets/mux.ts';
import { routineTarget } from './targets/routine.ts';
import type { Target } from './targets/target.ts';
import { tmpctlTarget } from './targets/tmpctl.ts';

export interface InstrumentOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly dialect: Dialect;
  /** Version that every reply carries as `"simulator": "arkeo-mcp <version>"`. */
  readonly version: string;
}

/** A reply before it becomes text; its members in the order in which they are sent. */
export type ReplyObject = Readonly<Record<string, unknown>>;

/**
 * The simulated ARKEO without its socket: requests in, replies out. All clients share one instrument and one
 * state. Time passes on demand: before a request is carried out, everything is advanced to the present moment.
 */
export class Instrument {
  readonly #clock: Clock;
  readonly #dialect: Dialect;
  readonly #mark: string;
  readonly #host: RoutineHost;
  readonly #targets: ReadonlyMap<string, Target>;

  constructor({ clock, seed, dialect, version }: InstrumentOptions) {
    const bench = new Bench(new Random(seed));
    this.#clock = clock;
    this.#dialect = dialect;
    this.#mark = `arkeo-mcp ${version}`;
    this.#host = new RoutineHost(bench, clock, dialect);
    this.#targets = new Map([
      ['MAIN', mainTarget(this.#host, dialect)],
      ['ROUTINE', routineTarget(this.#host, dialect)],
      ['LED', ledTarget(bench, dialect)],
      ['MUX', muxTarget(bench, dialect)],
      ['TMPCTL', tmpctlTarget(bench, clock)],
    ]);
  }

  /** Reads a frame's payload. Throws InstrumentError, for which `refusal` is the reply. */
  decode(payload: Buffer): SimulatorRequest {
    return decodeRequest(payload, this.#dialect);
  }

  /** Carries out a request. */
  handle(request: SimulatorRequest): ReplyObject {
    this.#host.advanceTo(this.#clock.seconds());
    const target = this.#targets.get(request.target);
    try {
      if (target === undefined) {
        throw new InstrumentError(ERROR.unknownTarget, `unknown target ${JSON.stringify(request.target)}`);
      }
      const data = this.#handlerOf(target, request)(request.parameter);
      return { status: target.ok, data, request_id: request.requestId, simulator: this.#mark };
    } catch (error) {
      return this.refusal(error, request.requestId, target?.ok);
    }
  }

  /**
   * Makes the error reply for a thrown value. An instrument never goes down for one request, so any thrown
   * value gets a reply.
   */
  refusal(error: unknown, requestId?: SimulatorRequest['requestId'], ok: Target['ok'] = 'ok'): ReplyObject {
    const { code, message, form } =
      error instanceof InstrumentError
        ? error
        : new InstrumentError(ERROR.internal, `internal error of the simulator: ${String(error)}`);
    if (form === 'bare') return { state: 'error', error: { code, message }, simulator: this.#mark };
    const status = ok === 'OK' ? 'ERROR' : 'error';
    return { status, error: { code, message }, request_id: requestId, simulator: this.#mark };
  }

  /**
   * Lets the SMU fail after a time, in simulated seconds: the measurement under way at that moment ends in
   * Error.
   */
  breakSmu(afterSeconds: number): void {
    this.#host.breakSmu(this.#clock.seconds() + afterSeconds);
  }

  #handlerOf(target: Target, { target: name, command }: SimulatorRequest): (parameter: unknown) => unknown {
    const handler = target.find(command);
    if (handler !== undefined) return handler;
    throw new InstrumentError(
      ERROR.unknownCommand,
      `target ${name} has no command ${JSON.stringify(command)}`,
    );
  }
}
