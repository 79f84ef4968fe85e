import * as z from 'zod';
import type { Call } from '../connection/call.ts';
import type { ConnectionManager } from '../connection/connection-manager.ts';
import type { SafetyLane } from '../connection/safety-lane.ts';
import { ArkeoError, ConnectionError, InstrumentError } from '../errors.ts';
import type { ParameterKey, SuccessReply } from '../protocol/envelope.ts';
import { type Command, callKind, type Kind, kindOf, wireName } from './command.ts';
import type { CommandGate } from './command-gate.ts';
import type { CommandObserver, WrittenCommand } from './command-observer.ts';
import type { Effect, Observation, WireParameter } from './effects.ts';
import { connectionHint, saysUnknownCommand } from './error-hints.ts';
import { requireIdle, requireRoutine, validate } from './preconditions.ts';
import type { Product } from './product.ts';
import { isBadParameters, isUnknownCommand, refusal, refusalCode } from './refusal.ts';
import { notSentFor, Turns } from './turns.ts';

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
  /** Decides about every command that changes something. */
  gate?: CommandGate | undefined;
}

export interface SendOptions {
  signal?: AbortSignal | undefined;
  /** Goes this way instead of waiting its turn. */
  lane?: SafetyLane | undefined;
  /** Deadline of the reply in place of the command's own. */
  timeoutMs?: number | undefined;
  /** The connection's epoch when the caller began; now, unless given. */
  epoch?: number | undefined;
}

/** What a command came back with. */
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

/** As much of a command's definition as its effects and its reply are read with. */
type Definition = Pick<Command, 'effects' | 'shows' | 'result'>;

/** One request on the wire: target, command and parameter under the names that are written. */
interface Wire {
  target: string;
  name: string;
  parameter: Record<string, unknown>;
  kind: Kind;
  timeoutMs: number | undefined;
  /** Undefined for a command that nothing is known of. */
  definition: Definition | undefined;
}

/** A command that nothing is known of may work before it answers. */
const CUSTOM_TIMEOUT_MS = 40_000;

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

  constructor(options: ClientOptions) {
    this.#options = options;
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
    // What switches off brings its own preparations along past whatever is waiting.
    const lane =
      kind === 'safety' && options.lane === undefined && connection.wantsSafetyLane
        ? connection.openSafetyLane()
        : undefined;
    const going: SendOptions = {
      epoch: connection.epoch,
      ...options,
      ...(lane === undefined ? {} : { lane }),
    };
    try {
      const { target, name, timeoutMs } = command;
      return await this.#inTurn({ target, name, kind }, going, async () => {
        const wire: Wire = {
          target,
          name,
          parameter: await this.#prepare(command, parameter, going),
          kind,
          timeoutMs,
          definition: command,
        };
        return this.#sendUnderEitherName(wire, command.formerly, going);
      });
    } finally {
      lane?.close();
    }
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
    const going: SendOptions = { epoch: this.#options.connection.epoch, ...options };
    return this.#inTurn(wire, going, () => this.#write(wire, going));
  }

  #inTurn<T>(
    { target, name, kind }: Pick<Wire, 'target' | 'name' | 'kind'>,
    options: SendOptions,
    act: () => Promise<T>,
  ): Promise<T> {
    return isFree(kind, options) ? act() : this.#turns.take({ target, command: name }, options, act);
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

  async #write(wire: Wire, options: SendOptions): Promise<CommandReply> {
    await this.#pass(wire, options);
    try {
      return await this.#writeWith(wire, this.#parameterKey, options);
    } catch (error) {
      if (this.#options.parameterKey !== 'auto' || wireName(wire) !== 'MAIN.StartRoutine') throw error;
      return this.#startRoutineOtherwise(wire, error, options);
    }
  }

  /** Through the gate: what it throws was not sent. */
  async #pass(wire: Wire, options: SendOptions): Promise<void> {
    if (isFree(wire.kind, options)) return;
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

  async #writeWith(wire: Wire, parameterKey: ParameterKey, options: SendOptions): Promise<CommandReply> {
    const { target, name, parameter } = wire;
    let settle: ReturnType<CommandObserver> | undefined;
    const call: Call = {
      request: { target, command: name, parameter },
      kind: callKind(wire.kind),
      parameterKey,
      timeoutMs: options.timeoutMs ?? Math.max(wire.timeoutMs ?? 0, this.#options.requestTimeoutMs),
      signal: options.signal,
      epoch: options.epoch,
      onWritten: () => {
        settle ??= this.#options.observe?.(written(wire));
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

function written({ target, name, parameter, kind, definition }: Wire): WrittenCommand {
  const effects: readonly Effect[] =
    definition === undefined ? [{ type: 'not_documented' }] : (definition.effects?.(parameter) ?? []);
  return { target, command: name, parameter, kind, effects };
}

/** Nothing, where the data does not have the documented form. */
function shownBy(definition: Definition | undefined, data: unknown): readonly Observation[] {
  if (definition?.shows === undefined) return [];
  const parsed = definition.result.safeParse(data);
  return parsed.success ? definition.shows(parsed.data, data) : [];
}

/** Of a second form: the first one was sent all the same, and refused. */
function isNotSent(error: unknown): boolean {
  return error instanceof ArkeoError && error.outcome === 'not_sent';
}

/** What goes on the safety lane is a part of switching off. */
function isFree(kind: Kind, { lane }: SendOptions): boolean {
  return kind === 'read' || kind === 'safety' || lane !== undefined;
}

function repairWarnings({ repairs }: SuccessReply): string[] {
  return repairs.includes('syntax') ? ['the reply was not quite JSON and was repaired'] : [];
}
