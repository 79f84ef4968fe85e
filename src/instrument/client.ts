import * as z from 'zod';
import type { Call } from '../connection/call.ts';
import type { ConnectionManager } from '../connection/connection-manager.ts';
import type { SafetyLane } from '../connection/safety-lane.ts';
import { ArkeoError, ConnectionError, InstrumentError } from '../errors.ts';
import type { ParameterKey, SuccessReply } from '../protocol/envelope.ts';
import { writeAdmitted } from './admission.ts';
import { type Command, callKind, type Kind, kindOf, wireName } from './command.ts';
import { commands } from './commands/index.ts';
import { ControllerSelection } from './controller-selection.ts';
import type { CommandGate } from './command-gate.ts';
import type { CommandObserver } from './command-observer.ts';
import type { ControllerAddress, WireParameter } from './effects.ts';
import { connectionHint, saysUnknownCommand } from './error-hints.ts';
import { requireIdle, requireRoutine, validate } from './preconditions.ts';
import type { Product } from './product.ts';
import { isBadParameters, isUnknownCommand, refusal, refusalCode } from './refusal.ts';
import { shownBy, type Wire, written } from './wire.ts';
import { notSentFor, type Turn, Turns } from './turns.ts';

/** A command that nothing is known of may work before it answers. */
const CUSTOM_TIMEOUT_MS = 40_000;

export interface ClientOptions {
  product: Product;
  connection: ConnectionManager;
  /** `auto` starts with `parameter` and lets a refused StartRoutine find out. */
  parameterKey: 'auto' | ParameterKey;
  /** Deadline of a reply, unless the command has a longer one of its own. */
  requestTimeoutMs: number;
  /** Filed with every SetInfo that does not name a user. */
  userName: string | undefined;
  /** Watches every command that is written. */
  observe?: CommandObserver;
  /** Caller that sends: `Caller.id`. A selection at the instrument belongs to its caller. */
  caller?: (() => string | undefined) | undefined;
  /** Decides about every command that changes something. */
  gate?: CommandGate | undefined;
  /** Monotonic, ms; the system's, unless given. */
  now?: (() => number) | undefined;
}

export interface SendOptions {
  signal?: AbortSignal | undefined;
  /** Goes this way instead of waiting its turn. */
  lane?: SafetyLane | undefined;
  /** Deadline of the reply in place of the command's own. */
  timeoutMs?: number | undefined;
  /** The connection's epoch when the caller began; now, unless given. */
  epoch?: number | undefined;
  /** Part of that turn, which `inOneTurn` took. */
  turn?: Turn | undefined;
  /** Part of switching off: waits for no turn and passes no gate. */
  switchesOff?: boolean | undefined;
  /** The temperature controller that a command is for; otherwise the one that the caller selected last. */
  controller?: ControllerAddress | undefined;
}

/** Reply to a command. */
export interface CommandReply {
  /** The payload as the instrument sent it; NaN and Infinity are JavaScript numbers. */
  data: unknown;
  warnings: string[];
  elapsedMs: number;
  /** The name of the simulator that answered; undefined for an instrument. */
  simulator: string | undefined;
  /** The whole reply, byte for byte. */
  payload: Buffer;
}

/** Speaks ARKEO: typed commands in, typed data out, whichever age of software answers. */
export class InstrumentClient {
  readonly #options: ClientOptions;
  /**
   * The key the instrument is known to read. It outlives the socket: the safety lane and a reconnect talk to
   * the same software.
   */
  #parameterKey: ParameterKey;
  readonly #knownByOldName = new Set<string>();
  readonly #turns: Turns;
  readonly #selection = new ControllerSelection();
  readonly #now: () => number;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#turns = new Turns(options.connection);
    this.#parameterKey = options.parameterKey === 'auto' ? 'parameter' : options.parameterKey;
  }

  /** The key under which parameters are sent at present. */
  get parameterKey(): ParameterKey {
    return this.#parameterKey;
  }

  /**
   * Checks the arguments, sends the command and returns the reply as it came.
   * Throws InputError, ConnectionError, InstrumentError.
   */
  async call<P extends z.ZodObject, R>(
    command: Command<P, R>,
    args: z.input<P>,
    options: SendOptions = {},
  ): Promise<CommandReply> {
    const parameter = validate(command, args);
    const kind = kindOf(command, parameter);
    const { connection } = this.#options;
    // A command that switches off goes past the waiting requests, and takes its own preparations along.
    const lane =
      kind === 'safety' && options.lane === undefined && connection.wantsSafetyLane
        ? connection.openSafetyLane()
        : undefined;
    const sendOptions: SendOptions = {
      epoch: connection.epoch,
      ...options,
      ...(lane === undefined ? {} : { lane }),
    };
    try {
      const { target, name, timeoutMs } = command;
      return await this.#inTurn({ target, name, kind }, sendOptions, async () => {
        const wire: Wire = {
          target,
          name,
          parameter: await this.#prepare(command, parameter, sendOptions),
          kind,
          timeoutMs,
          definition: command,
          actsOnSelected: command.actsOnSelected,
        };
        const reply = await this.#sendUnderEitherName(wire, command.formerly, sendOptions);
        this.#noteMeant(wire, sendOptions);
        return reply;
      });
    } finally {
      lane?.close();
    }
  }

  /**
   * Sends several commands as one turn: no other command that changes something is written between them, but for what
   * switches off. Each of them is sent with the options that `act` is given.
   */
  inOneTurn<T>(
    about: { target: string; name: string },
    options: SendOptions,
    act: (options: SendOptions) => Promise<T>,
  ): Promise<T> {
    const sendOptions: SendOptions = { epoch: this.#options.connection.epoch, ...options };
    return this.#turns.take({ target: about.target, command: about.name }, sendOptions, (turn) =>
      act({ ...sendOptions, turn }),
    );
  }

  /** Like `call`, and reads the data; throws InstrumentError where it has no documented form. */
  async send<P extends z.ZodObject, R>(
    command: Command<P, R>,
    args: z.input<P>,
    options: SendOptions = {},
  ): Promise<R> {
    const { data } = await this.call(command, args, options);
    const parsed = command.result.safeParse(data);
    if (parsed.success) return parsed.data;
    throw new InstrumentError(
      `the reply to ${wireName(command)} does not have the documented form: ${z.prettifyError(parsed.error)}`,
      {
        code: 'unexpected_reply',
        outcome: 'unknown',
        target: command.target,
        command: command.name,
        hint: 'The command was answered, but its data could not be read. Call the tool of this command to see the data.',
      },
    );
  }

  /** Sends a command of the open routine that this client has no definition of. */
  custom(name: string, parameter: Record<string, unknown>, options: SendOptions = {}): Promise<CommandReply> {
    // Routines with a command of one name mean the same by it.
    const [definition] = this.#options.product.commandsNamed('ROUTINE', name);
    const timeoutMs = CUSTOM_TIMEOUT_MS;
    return this.#asGiven(
      { target: 'ROUTINE', name, parameter, kind: 'actuate', timeoutMs, definition },
      options,
    );
  }

  /**
   * Sends a command that switches off, with the parameter as the wire takes it, and asks nothing before: each question
   * would hold up the next command.
   */
  sendOff<P extends z.ZodObject>(
    command: Command<P>,
    parameter: WireParameter,
    options: SendOptions,
  ): Promise<CommandReply> {
    const { target, name } = command;
    const wire = { target, name, parameter: { ...parameter }, kind: 'safety', timeoutMs: undefined } as const;
    return this.#asGiven({ ...wire, definition: command }, options);
  }

  #asGiven(wire: Wire, options: SendOptions): Promise<CommandReply> {
    const sendOptions: SendOptions = { epoch: this.#options.connection.epoch, ...options };
    return this.#inTurn(wire, sendOptions, () => this.#write(wire, sendOptions));
  }

  #inTurn<T>(
    { target, name, kind }: Pick<Wire, 'target' | 'name' | 'kind'>,
    options: SendOptions,
    act: () => Promise<T>,
  ): Promise<T> {
    return isFree(kind, options) || options.turn?.isOpen === true
      ? act()
      : this.#turns.take({ target, command: name }, options, act);
  }

  /** Checks what must be so, and turns the arguments into the wire's parameter. A failure here is `not_sent`. */
  async #prepare<P extends z.ZodObject>(
    command: Command<P>,
    parameter: z.output<P>,
    options: SendOptions,
  ): Promise<Record<string, unknown>> {
    try {
      const read = <R>(look: Command<z.ZodObject, R>): Promise<R> => this.send(look, {}, options);
      if (command.routine !== undefined) await requireRoutine(command.routine, command, read);
      if (command.onlyWhenIdle === true) await requireIdle(command, read);
      const { userName } = this.#options;
      return (await command.prepare?.(parameter, { read, userName })) ?? parameter;
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.outcome !== 'unknown') throw error;
      throw error.before({ target: command.target, command: command.name });
    }
  }

  async #sendUnderEitherName(
    wire: Wire,
    formerly: Command['formerly'],
    options: SendOptions,
  ): Promise<CommandReply> {
    if (formerly === undefined) return this.#write(wire, options);
    const old: Wire = { ...wire, target: formerly.target ?? wire.target, name: formerly.name };
    if (this.#knownByOldName.has(wireName(wire))) return this.#write(old, options);
    try {
      return await this.#write(wire, options);
    } catch (error) {
      if (!(error instanceof InstrumentError) || error.outcome !== 'refused') throw error;
      const code = refusalCode(error);
      // A read may be asked again under its old name whatever the refusal said; anything else only if the
      // instrument said that it does not know the command, and so did nothing.
      const maybeOld = wire.kind === 'read' ? code !== 4006 : saysUnknownCommand(code, error.message);
      if (!maybeOld) throw error;
      try {
        const reply = await this.#write(old, options);
        this.#knownByOldName.add(wireName(wire));
        return reply;
      } catch (second) {
        if (isNotSent(second)) throw error;
        if (!(second instanceof InstrumentError)) throw second;
        // The refusal that matters is the one under the name it knows.
        throw isUnknownCommand(error) && !isUnknownCommand(second) ? second : error;
      }
    }
  }

  #write(wire: Wire, options: SendOptions): Promise<CommandReply> {
    if (isFree(wire.kind, options)) return this.#writeInForm(wire, options);
    return writeAdmitted({
      target: wire.target,
      name: wire.name,
      now: this.#now,
      admit: () => this.#pass(wire, options),
      write: (beforeWrite) => this.#writeInForm(wire, options, beforeWrite),
    });
  }

  /** @param beforeWrite throws where the command must not be written any more */
  async #writeInForm(wire: Wire, options: SendOptions, beforeWrite?: () => void): Promise<CommandReply> {
    if (wire.actsOnSelected === true) return this.#writeSelected(wire, options, beforeWrite);
    try {
      return await this.#writeWith(wire, this.#parameterKey, options, beforeWrite);
    } catch (error) {
      if (this.#options.parameterKey !== 'auto' || wireName(wire) !== 'MAIN.StartRoutine') throw error;
      return this.#startRoutineOtherwise(wire, error, options);
    }
  }

  /** Writes a command for the controller that its caller means, with the selection of that one right before it. */
  #writeSelected(wire: Wire, options: SendOptions, beforeWrite?: () => void): Promise<CommandReply> {
    const switchesOff = wire.kind === 'safety';
    const meant = options.controller ?? this.#selection.meantBy(this.#caller, switchesOff);
    const write = (requireSelected?: () => void): Promise<CommandReply> =>
      this.#writeWith(wire, this.#parameterKey, options, () => {
        beforeWrite?.();
        requireSelected?.();
      });
    if (meant === undefined) return write();
    const { SetController } = commands.TMPCTL;
    const { target, name, kind } = SetController;
    const select: Wire = {
      target,
      name,
      parameter: { ...meant },
      kind,
      timeoutMs: undefined,
      definition: SetController,
    };
    return this.#selection.writeFor({
      meant,
      turn: options.turn?.isOpen === true ? options.turn : undefined,
      switchesOff,
      select: () => this.#write(select, switchesOff ? { ...options, switchesOff } : options),
      write,
    });
  }

  get #caller(): string {
    return this.#options.caller?.() ?? '';
  }

  /** Through the gate: what it throws was not sent. */
  async #pass(wire: Wire, options: SendOptions): Promise<void> {
    const read = <R>(command: Command<z.ZodObject, R>): Promise<R> => this.send(command, {}, options);
    try {
      await this.#options.gate?.admit(written(wire), read);
    } catch (error) {
      throw notSentFor({ target: wire.target, command: wire.name }, error);
    }
  }

  /**
   * Only StartRoutine may find out which key is read, and only while it is refused for its parameters: a reader
   * that ignores the key it does not know could take any other command for one with an empty parameter.
   */
  async #startRoutineOtherwise(wire: Wire, refused: unknown, options: SendOptions): Promise<CommandReply> {
    const other = this.#parameterKey === 'parameter' ? 'params' : 'parameter';
    const renamed: Wire = { ...wire, parameter: { routine_name: wire.parameter['routine'] } };
    let last = refused;
    for (const [form, key] of [
      [wire, other],
      [renamed, this.#parameterKey],
      [renamed, other],
    ] as const) {
      if (!isBadParameters(last)) break;
      try {
        const reply = await this.#writeWith(form, key, options);
        this.#parameterKey = key;
        return reply;
      } catch (error) {
        last = error;
      }
    }
    // Refused in every form that was sent: the first refusal is the one that matters.
    throw isBadParameters(last) || isNotSent(last) ? refused : last;
  }

  /**
   * Notes the controller that the caller selected. A selection for a command that names its controller, or to switch
   * off, is not what the caller means, and is not noted.
   */
  #noteMeant({ definition, parameter }: Wire, options: SendOptions): void {
    if (isFree('actuate', options)) return;
    for (const effect of definition?.effects?.(parameter) ?? [])
      if (effect.type === 'selects_controller' && effect.controller !== undefined)
        this.#selection.noteMeant(effect.controller, this.#caller);
  }

  /** Tells the observers, and notes what is selected. */
  #observe(wire: Wire, { turn }: SendOptions): ReturnType<CommandObserver> {
    const command = written(wire);
    const selected = command.effects.find((effect) => effect.type === 'selects_controller');
    if (selected !== undefined) this.#selection.noteWritten(selected.controller, turn);
    const settle = this.#options.observe?.(command);
    return (outcome, shown) => {
      if (selected !== undefined && outcome !== 'ok') this.#selection.noteNotConfirmed();
      settle?.(outcome, shown);
    };
  }

  async #writeWith(
    wire: Wire,
    parameterKey: ParameterKey,
    options: SendOptions,
    beforeWrite?: () => void,
  ): Promise<CommandReply> {
    const { target, name, parameter } = wire;
    let settle: ReturnType<CommandObserver> | undefined;
    const call: Call = {
      request: { target, command: name, parameter },
      kind: callKind(wire.kind),
      parameterKey,
      timeoutMs: options.timeoutMs ?? Math.max(wire.timeoutMs ?? 0, this.#options.requestTimeoutMs),
      signal: options.signal,
      epoch: options.epoch,
      beforeWrite,
      onWritten: () => {
        settle ??= this.#observe(wire, options);
      },
    };
    try {
      const { reply, warnings, elapsedMs } = await (options.lane ?? this.#options.connection).send(call);
      if (!reply.ok) throw refusal(wire, reply);
      settle?.('ok', shownBy(wire.definition, reply.data));
      return {
        data: reply.data,
        warnings: [...warnings, ...repairWarnings(reply)],
        elapsedMs,
        simulator: reply.simulator,
        payload: reply.payload,
      };
    } catch (error) {
      settle?.(error instanceof ArkeoError ? error.outcome : 'unknown', []);
      if (!(error instanceof ConnectionError)) throw error;
      const hint = connectionHint(error, target, name, wire.kind);
      throw error.about({ target, command: name, hint });
    }
  }
}

/** Tells whether a second form was not sent. The first form was sent all the same, and refused. */
function isNotSent(error: unknown): boolean {
  return error instanceof ArkeoError && error.outcome === 'not_sent';
}

/** Tells whether a command needs neither turn nor gate. A command on the safety lane is a part of switching off. */
function isFree(kind: Kind, { lane, switchesOff }: SendOptions): boolean {
  return kind === 'read' || kind === 'safety' || lane !== undefined || switchesOff === true;
}

function repairWarnings({ repairs }: SuccessReply): string[] {
  return repairs.includes('syntax') ? ['the reply was not quite JSON and was repaired'] : [];
}
