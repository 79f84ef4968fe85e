import type * as z from 'zod';
import type { Archive } from '../archive/archive.ts';

/** What completions are made from: what is on this computer. The instrument is not asked. */
export interface Known {
  archive: Archive;
}

/** What may be meant, best first, from what was typed so far. At once, and without asking the instrument. */
export type Complete = (typed: string, known: Known) => readonly string[] | Promise<readonly string[]>;

/** One argument of a prompt. MCP gives prompts texts only; all are optional, what is missing the model asks for. */
export interface PromptArgument<T = unknown> {
  readonly description: string;
  /** From the text that a host sends, trimmed and not empty, to what it means. */
  readonly schema: z.ZodType<T, string>;
  readonly complete?: Complete;
}

export type PromptArguments = Readonly<Record<string, PromptArgument>>;

/** The arguments that were given, as they were meant. */
export type Given<A extends PromptArguments> = {
  readonly [K in keyof A]?: z.output<A[K]['schema']> | undefined;
};

/** One MCP prompt, as data: a measurement campaign that a person asks for, written down for the model. */
export interface Prompt<A extends PromptArguments = PromptArguments> {
  readonly name: string;
  readonly title: string;
  /** For the person who chooses it. */
  readonly description: string;
  readonly arguments: A;
  /** The tools that it cannot do without. It is offered where all of them are. */
  readonly tools: readonly string[];
  /**
   * What the person would say. A tool stands with its arguments, as in `select_device(relay=3)`; `<…>` is for the
   * model to fill in.
   *
   * @param has whether a tool is offered
   */
  text(given: Given<A>, has: (tool: string) => boolean): string;
}

/** Identity, for the types. */
export function definePrompt<A extends PromptArguments>(prompt: Prompt<A>): Prompt<A> {
  return prompt;
}
