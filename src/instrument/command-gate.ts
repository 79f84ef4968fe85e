import type { Command } from './command.ts';
import type { WrittenCommand } from './command-observer.ts';
import type * as z from 'zod';

/** Reads that a gate may send to decide: they see the instrument as it is, on the same way as the command itself. */
export type GateRead = <R>(command: Command<z.ZodObject, R>) => Promise<R>;

/**
 * Every command that changes something passes it right before it is written, whoever sends it. `read` and `safety`
 * commands do not: looking and switching off wait for nobody.
 */
export interface CommandGate {
  /** Throws ArkeoError with outcome `not_sent` where the command must not be sent. */
  admit(command: WrittenCommand, read: GateRead): Promise<void>;
}
