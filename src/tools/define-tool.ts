import type * as z from 'zod';
import type { ConnectionManager } from '../connection/connection-manager.ts';
import type { InstrumentClient } from '../instrument/client.ts';
import type { Kind } from '../instrument/command.ts';
import type { Product } from '../instrument/product.ts';
import type { Archive } from '../archive/archive.ts';
import type { Jobs } from '../measurement/jobs.ts';
import type { MeasureDeps, Measured } from '../measurement/run/measured.ts';
import type { LastRun } from '../measurement/last-run.ts';
import type { StageWatch } from '../conditions/stage-watch.ts';
import type { AuditLog } from '../safety/audit-log.ts';
import type { Caller, Callers } from '../safety/caller.ts';
import type { Guard } from '../safety/guard/guard.ts';
import type { Ownership } from '../safety/ownership.ts';
import type { ServerRecords } from '../safety/server-records.ts';
import type { Toolset } from '../vocabulary.ts';

/** What tools work with: one per process, shared by every MCP connection it serves. */
export interface ToolContext {
  product: Product;
  connection: ConnectionManager;
  client: InstrumentClient;
  ownership: Ownership;
  lastRun: LastRun;
  archive: Archive;
  jobs: Jobs<Measured>;
  /** What measurements are carried out with. */
  measuring: MeasureDeps;
  stageWatch: StageWatch;
  callers: Callers;
  guard: Guard;
  audit: AuditLog;
  records: ServerRecords;
}

export interface ToolCall extends ToolContext {
  /** On whose behalf. */
  caller: Caller;
  /** Aborts when the host gives the call up or the call has lasted as long as a call may. */
  signal: AbortSignal;
  /** Tells the host how far it is, if the host wants to know. @param fraction 0 to 1 */
  progress(sentence: string, fraction?: number): void;
}

/** What comes with an answer beside its text. */
export type Attachment =
  | { type: 'image' /** base64 */; data: string; mimeType: 'image/png' }
  | { type: 'resource_link'; uri: string; name: string; mimeType: string };

export interface Answer<S> {
  /** A few lines for the model, with units and sensible digits. */
  text: string;
  /** Matches the tool's output schema. */
  structured: S;
  attachments?: readonly Attachment[];
}

/** One MCP tool, as data. */
export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: Kind;
  readonly toolset: Toolset;
  readonly input: I;
  readonly output: O;
  /** True for arguments that only take energy out. */
  takesEnergyOut?(args: z.output<I>): boolean;
  /** Throws ArkeoError; the runner makes the answer of it. */
  run(args: z.output<I>, call: ToolCall): Promise<Answer<z.input<O>>>;
}

/** Identity, for the types. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(tool: Tool<I, O>): Tool<I, O> {
  return tool;
}
