import { checked, object, type Shape } from '../shape.ts';

/** Takes a request's parameter and returns the reply's `data`; throws InstrumentError to refuse. */
export type CommandHandler = (parameter: unknown) => unknown;

export interface Target {
  /** This target's spelling of success; its errors are spelled in the same case. */
  readonly ok: 'OK' | 'ok';
  /** Returns the handler of a command; undefined for an unknown one. */
  find(command: string): CommandHandler | undefined;
}

/** Makes a handler whose parameter is checked first. */
export function command<T>(shape: Shape<T>, handle: (parameter: T) => unknown): CommandHandler {
  return (parameter) => handle(checked(shape, parameter));
}

/** Makes a handler that takes no parameters, and refuses any. */
export function plain(handle: () => unknown): CommandHandler {
  return command(object({}), handle);
}

/** Makes a target from a table of commands. */
export function tableTarget(ok: Target['ok'], commands: Readonly<Record<string, CommandHandler>>): Target {
  const table = new Map(Object.entries(commands));
  return { ok, find: (name) => table.get(name) };
}
