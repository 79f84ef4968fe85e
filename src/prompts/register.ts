import { completable, type McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { InputError } from '../errors.ts';
import type { Known, Prompt, PromptArgument } from './define-prompt.ts';
import { prompts } from './index.ts';
import { readArguments } from './read-arguments.ts';

/** The prompts whose tools are all offered. */
function offeredPrompts(has: (tool: string) => boolean): readonly Prompt[] {
  return prompts.filter(({ tools }) => tools.every(has));
}

/** Registers the prompts whose tools are offered. */
export function registerPrompts(server: McpServer, known: Known, has: (tool: string) => boolean): void {
  for (const prompt of offeredPrompts(has)) {
    const { name, title, description } = prompt;
    server.registerPrompt(
      name,
      { title, description, argsSchema: advertisedArguments(prompt, known) },
      (sent) => ({
        description,
        messages: [{ role: 'user', content: { type: 'text', text: textOf(prompt, sent, has) } }],
      }),
    );
  }
}

function textOf(
  prompt: Prompt,
  sent: Readonly<Record<string, unknown>>,
  has: (tool: string) => boolean,
): string {
  try {
    return prompt.text(readArguments(prompt, sent), has);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${error.message}. ${error.hint}`);
  }
}

/**
 * Arguments as the SDK lists and completes them. Sent values are read by our own code, so that an error names
 * the valid values.
 */
function advertisedArguments(prompt: Prompt, known: Known) {
  return z.looseObject(
    Object.fromEntries(
      Object.entries(prompt.arguments).map(([name, argument]) => [name, advertised(argument, known)]),
    ),
  );
}

function advertised({ description, complete }: PromptArgument, known: Known) {
  const text = z.string().describe(description);
  // The SDK looks for the completion inside of optional, and nowhere else.
  return (
    complete === undefined ? text : completable(text, async (typed) => [...(await complete(typed, known))])
  ).optional();
}
