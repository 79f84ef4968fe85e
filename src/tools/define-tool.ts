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
import type { GuardProcess } from '../safety/switch-off-guard/guard-process.ts';
import type { Toolset } from '../vocabulary.ts';
import type { AnswerForm, Said } from './answer/answer-form.ts';

/** Context of all tools: one per process, shared by every MCP connection it serves. */
export interface ToolContext {
  product: Product;
  connection: ConnectionManager;
  client: InstrumentClient;
  ownership: Ownership;
  lastRun: LastRun;
  archive: Archive;
  jobs: Jobs<Measured>;
  /** Dependencies of measurements. */
  measuring: MeasureDeps;
  stageWatch: StageWatch;
  callers: Callers;
  guard: Guard;
  audit: AuditLog;
  records: ServerRecords;
  /** Undefined where nothing on the instrument can outlive this process. */
  guardProcess: Pick<GuardProcess, 'isMissing'> | undefined;
}

export interface ToolCall extends ToolContext {
  /** On whose behalf. */
  caller: Caller;
  /** Aborts when the host gives the call up or the call has lasted as long as a call may. */
  signal: AbortSignal;
  /** Tells the host how far it is, if the host wants to know. @param fraction 0 to 1 */
  progress(sentence: string, fraction?: number): void;
}

/** Part of an answer beside its text. */
export type Attachment =
  | { type: 'image' /** base64 */; data: string; mimeType: 'image/png' }
  | { type: 'resource_link'; uri: string; name: string; mimeType: string; size?: number };

/** Answer of a tool, in the members of its form. */
export interface Answer<F extends AnswerForm = AnswerForm> {
  said: Said<F>;
  attachments?: readonly Attachment[];
}

/** An answer that is text, or text and a picture: it has no structured form, which hosts would show in its place. */
export interface Prose {
  text: string;
  /** Null where it is not known, or differs between what the text is about. */
  simulated: boolean | null;
  attachments?: readonly Attachment[];
}

interface ToolBase<I extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: Kind;
  readonly toolset: Toolset;
  readonly input: I;
  /** True for arguments that only take energy out. */
  takesEnergyOut?(args: z.output<I>): boolean;
}

/** A tool that answers with facts. */
export interface FactTool<I extends z.ZodObject, F extends AnswerForm> extends ToolBase<I> {
  readonly output: F;
  /** Throws ArkeoError; the runner makes the answer of it. */
  run(args: z.output<I>, call: ToolCall): Promise<Answer<F>>;
}

/** A tool that answers in prose or with a picture. */
export interface ProseTool<I extends z.ZodObject> extends ToolBase<I> {
  readonly output: undefined;
  /** Throws ArkeoError; the runner makes the answer of it. */
  run(args: z.output<I>, call: ToolCall): Promise<Prose>;
}

/** One MCP tool, as data. */
export type Tool = FactTool<z.ZodObject, AnswerForm> | ProseTool<z.ZodObject>;

/** Identity, for the types. */
export function defineTool<I extends z.ZodObject, F extends AnswerForm>(
  tool: FactTool<I, F>,
): FactTool<I, F> {
  return tool;
}

/** Identity, for the types. */
export function defineProseTool<I extends z.ZodObject>(tool: Omit<ProseTool<I>, 'output'>): ProseTool<I> {
  return { ...tool, output: undefined };
}
