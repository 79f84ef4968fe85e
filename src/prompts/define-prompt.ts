import type * as z from 'zod';
import type { Archive } from '../archive/archive.ts';

/** Source of completions: data on this computer. The instrument is not asked. */
export interface Known {
  archive: Archive;
}

/** Suggests completions of the typed text, best first, at once and without asking the instrument. */
export type Complete = (typed: string, known: Known) => readonly string[] | Promise<readonly string[]>;

/**
 * One argument of a prompt. MCP gives prompts texts only. All arguments are optional: the model asks for
 * missing ones.
 */
export interface PromptArgument<T = unknown> {
  readonly description: string;
  /** Converts the text that a host sends, trimmed and not empty, to its value. */
  readonly schema: z.ZodType<T, string>;
  readonly complete?: Complete;
}

export type PromptArguments = Readonly<Record<string, PromptArgument>>;

/** The arguments that were given, converted to their values. */
export type Given<A extends PromptArguments> = {
  readonly [K in keyof A]?: z.output<A[K]['schema']> | undefined;
};

/** One MCP prompt, as data: a measurement campaign that a person asks for, written down for the model. */
export interface Prompt<A extends PromptArguments = PromptArguments> {
  readonly name: string;
  readonly title: string;
  /** Description for the person who chooses the prompt. */
  readonly description: string;
  readonly arguments: A;
  /** The tools that the prompt requires. The prompt is offered if all of them are. */
  readonly tools: readonly string[];
  /**
   * The request in the person's words. A tool is named with its arguments, as in `select_device(relay=3)`;
   * `<…>` is for the model to fill in.
   *
   * @param has tells whether a tool is offered
   */
  text(given: Given<A>, has: (tool: string) => boolean): string;
}

/** Returns its argument; declares the types. */
export function definePrompt<A extends PromptArguments>(prompt: Prompt<A>): Prompt<A> {
  return prompt;
}
