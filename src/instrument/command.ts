import * as z from 'zod';
import type { Call } from '../connection/call.ts';
import { closest } from '../text/closest.ts';
import { plain } from '../text/quote.ts';
import type { Effect, Observation, WireParameter } from './effects.ts';

export const TARGETS = ['MAIN', 'ROUTINE', 'TMPCTL', 'MUX', 'LED'] as const;
export type Target = (typeof TARGETS)[number];

/**
 * Effects of a command on the world; annotations, retrying, guarding and documentation derive from them. `read` changes
 * nothing, `configure` changes settings, `actuate` puts energy into the sample or moves hardware, `safety` takes energy
 * out.
 */
const KINDS = ['read', 'configure', 'actuate', 'safety'] as const;
export type Kind = (typeof KINDS)[number];

/** Context that a command may ask before its parameter is written. Reads only. */
export interface PrepareContext {
  read: <R>(command: Command<z.ZodObject, R>) => Promise<R>;
  /** The user whom measurements are filed under, if the configuration names one. */
  userName: string | undefined;
}

/** One instrument command, as data. */
export interface Command<P extends z.ZodObject = z.ZodObject, R = unknown> {
  readonly target: Target;
  /** The vendor's name of the command. */
  readonly name: string;
  /** Our name of the routine that has this command; undefined for what every routine has. */
  readonly routine?: string;
  /** True where the command would interrupt a measurement: it is refused while one starts or runs. */
  readonly onlyWhenIdle?: boolean;
  /** True where the command acts on the temperature controller that is selected: it is selected again right before. */
  readonly actsOnSelected?: boolean;
  /** True where the command may touch what somebody else opened: its tool takes take_over. */
  readonly takesOver?: boolean;
  /** True where the reply is to be sent back with values changed, and so has to be shown whole. */
  readonly sentBackWhole?: boolean;
  readonly title: string;
  /** For the model: what it does, when to use it, units, danger. */
  readonly description: string;
  readonly kind: Kind;
  /** The arguments a caller gives. They are what goes on the wire unless `prepare` says otherwise. */
  readonly parameter: P;
  /** Reads the reply's data in every documented form. */
  readonly result: z.ZodType<R>;
  /** From writing the request to the complete reply, where the usual deadline is too short. */
  readonly timeoutMs?: number;
  /** The name that older software knows this command by; tried when the newer one is refused as unknown. */
  readonly formerly?: { readonly target?: Target; readonly name: string };
  /** True for arguments that only take energy out: such a call is treated as `safety`. */
  takesEnergyOut?(parameter: z.output<P>): boolean;
  /**
   * Lists what the command does, read from its parameter as it stands on the wire, in any documented form. Every
   * command that is no `read` declares it, also where there is nothing to say.
   */
  readonly effects?: (parameter: WireParameter) => readonly Effect[];
  /** Lists what the reply shows of the instrument. @param data as the instrument sent it */
  shows?(result: R, data: unknown): readonly Observation[];
  /** Turns the arguments into the wire's parameter; throws InputError before anything is changed. */
  prepare?(parameter: z.output<P>, context: PrepareContext): Promise<Record<string, unknown>>;
  /**
   * Reads back, after the instrument accepted the command, what is otherwise than asked: one line each. An accepted
   * write may be lost: older software ignores parameters under a name it does not read.
   */
  readBack?(parameter: z.output<P>, read: PrepareContext['read']): Promise<string[]>;
  /** A line or a few for the model: what the reply says, with units. */
  summary(result: R, parameter: z.output<P>): string;
}

/** Identity, for the types. */
export function defineCommand<P extends z.ZodObject, R>(command: Command<P, R>): Command<P, R> {
  return command;
}

/** `TARGET.Command`, as the vendor's documentation and our messages write it. */
export function wireName({ target, name }: { target: string; name: string }): string {
  return `${target}.${name}`;
}

/**
 * The tool's name: target (or the routine, for a custom command) and command in snake case.
 * `TMPCTL.SetTemperature` → `tmpctl_set_temperature`, Connection Test's `SetOutput` → `connection_test_set_output`
 */
export function toolName({ target, name, routine }: Pick<Command, 'target' | 'name' | 'routine'>): string {
  const snake = (text: string): string => text.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
  return `${routine === undefined ? target.toLowerCase() : routine.toLowerCase().replace(/[\s-]/g, '_')}_${snake(name)}`;
}

/** Its kind, or `safety` where these arguments only take energy out. */
export function kindOf<P extends z.ZodObject>(command: Command<P>, parameter: z.output<P>): Kind {
  return command.takesEnergyOut?.(parameter) === true ? 'safety' : command.kind;
}

/** How the connection treats a kind: what may be repeated, what waits for nobody. */
export function callKind(kind: Kind): Call['kind'] {
  return kind === 'read' || kind === 'safety' ? kind : 'write';
}

/** Unknown names that are told, at most. */
const MOST_UNKNOWN = 10;

/** Arguments of a command or tool: unknown names are refused with the list of the known ones. */
export function parameters<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape);
  const unknown = (name: string): string => {
    const near = closest(name, known);
    return `${plain(name, 100)}${near === undefined ? '' : ` (is ${near} meant?)`}`;
  };
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown: ${issue.keys.slice(0, MOST_UNKNOWN).map(unknown).join(', ')}${issue.keys.length > MOST_UNKNOWN ? ', …' : ''}; ${known.length > 0 ? `known: ${known.join(', ')}` : 'it takes no arguments'}`
        : undefined,
  });
}

/** A reply without a payload worth reading: `{state:"OK"}`, `{started:true}`, or nothing at all. */
export const acknowledgement = z.unknown();
