import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { BIN, cleanEnvironment } from './server.ts';

const result = z.looseObject({
  content: z.array(
    z.looseObject({ type: z.string(), text: z.string().optional(), data: z.string().optional() }),
  ),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
  _meta: z.record(z.string(), z.unknown()).optional(),
});
const listedTool = z.looseObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.looseObject({ type: z.literal('object') }),
  outputSchema: z.looseObject({ type: z.literal('object') }).optional(),
  annotations: z.looseObject({ readOnlyHint: z.boolean().optional() }).optional(),
});
type ListedTool = z.output<typeof listedTool>;

export interface ToolResult {
  text: string;
  /** PNG pictures in the answer, base64. */
  pictures: string[];
  structured: Record<string, unknown> | undefined;
  isError: boolean;
  error: Record<string, unknown> | undefined;
}

interface CallOptions {
  signal?: AbortSignal;
  timeout?: number;
}

/** An MCP host over stdio, whichever generation its client library is of. */
export interface Host {
  readonly generation: Generation;
  readonly pid: number | null;
  instructions: () => string | undefined;
  listTools: () => Promise<ListedTool[]>;
  call: (name: string, args?: Record<string, unknown>, options?: CallOptions) => Promise<ToolResult>;
  listResources: () => Promise<string[]>;
  /** URI templates, and what completing their `name` with the given beginning offers. */
  completeResource: (template: string, argument: string, typed: string) => Promise<string[]>;
  /** Text of the first content. */
  readResource: (uri: string) => Promise<string>;
  listPrompts: () => Promise<ListedPrompt[]>;
  /** Text of a prompt's first message. */
  getPrompt: (name: string, args?: Record<string, string>) => Promise<string>;
  completePrompt: (name: string, argument: string, typed: string) => Promise<string[]>;
  close: () => Promise<void>;
}

const listedPrompt = z.looseObject({
  name: z.string(),
  description: z.string(),
  arguments: z
    .array(z.looseObject({ name: z.string(), description: z.string(), required: z.boolean().optional() }))
    .optional(),
});
type ListedPrompt = z.output<typeof listedPrompt>;
const promptText = z.looseObject({
  messages: z.tuple([
    z.looseObject({ role: z.literal('user'), content: z.looseObject({ text: z.string() }) }),
  ]),
});
const resourceText = z.looseObject({ contents: z.tuple([z.looseObject({ text: z.string() })]) });

export const GENERATIONS = [
  'v2 client, 2025 protocol',
  'v2 client, 2026-07-28 protocol',
  'older SDK client',
] as const;
export type Generation = (typeof GENERATIONS)[number];

/** What a person answers to a question of the server. */
export type Person = (question: string) => Promise<PersonsAnswer> | PersonsAnswer;
interface PersonsAnswer {
  action: 'accept' | 'decline' | 'cancel';
  content?: Record<string, string | number | boolean>;
}

const asked = z.looseObject({ params: z.looseObject({ message: z.string() }) });

/** Starts the built server under a host of the given generation. @param person whom the host asks; without, it cannot */
export async function startHost(
  args: readonly string[],
  generation: Generation = 'v2 client, 2026-07-28 protocol',
  environment: Record<string, string> = {},
  person?: Person,
): Promise<Host> {
  const stdio = {
    command: process.execPath,
    // Most tests are not about asking the person.
    args: [
      BIN,
      '--log-level',
      'warn',
      ...(args.includes('--confirm') ? [] : ['--confirm', 'never']),
      ...args,
    ],
    env: cleanEnvironment(environment),
    stderr: 'ignore' as const,
  };
  const info = { name: 'arkeo-mcp tests', version: '1' };
  if (generation === 'older SDK client') {
    const client = new OldClient(info, person === undefined ? {} : { capabilities: { elicitation: {} } });
    if (person !== undefined)
      client.setRequestHandler(ElicitRequestSchema, async (request) => ({
        ...(await person(asked.parse(request).params.message)),
      }));
    const transport = new OldStdioClientTransport(stdio);
    await client.connect(transport);
    return hostOver(client, generation, transport.pid, (name, toolArgs, options) =>
      client.callTool({ name, arguments: toolArgs }, undefined, options),
    );
  }
  const modern = generation === 'v2 client, 2026-07-28 protocol';
  const client = new Client(info, {
    ...(modern ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {}),
    ...(person === undefined ? {} : { capabilities: { elicitation: { form: {} } } }),
  });
  if (person !== undefined)
    client.setRequestHandler('elicitation/create', async (request) => ({
      ...(await person(asked.parse(request).params.message)),
    }));
  const transport = new StdioClientTransport(stdio);
  await client.connect(transport);
  return hostOver(client, generation, transport.pid, (name, toolArgs, options) =>
    client.callTool({ name, arguments: toolArgs }, options),
  );
}

/** What both client libraries have in common. */
interface EitherClient {
  getInstructions(): string | undefined;
  listTools(): Promise<{ tools: unknown }>;
  listResources(): Promise<{ resources: { uri: string }[] }>;
  readResource(params: { uri: string }): Promise<unknown>;
  listPrompts(): Promise<{ prompts: unknown }>;
  getPrompt(params: { name: string; arguments?: Record<string, string> }): Promise<unknown>;
  complete(params: {
    ref: { type: 'ref/resource'; uri: string } | { type: 'ref/prompt'; name: string };
    argument: { name: string; value: string };
  }): Promise<{ completion: { values: string[] } }>;
  close(): Promise<void>;
}

function hostOver(
  client: EitherClient,
  generation: Generation,
  pid: number | null,
  callTool: (name: string, args: Record<string, unknown>, options: CallOptions) => Promise<unknown>,
): Host {
  return {
    generation,
    pid,
    instructions: () => client.getInstructions(),
    listTools: async () => z.array(listedTool).parse((await client.listTools()).tools),
    call: async (name, args = {}, options = {}) => readResult(await callTool(name, args, options)),
    listResources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    completeResource: async (uri, name, value) =>
      (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value } })).completion
        .values,
    readResource: async (uri) => resourceText.parse(await client.readResource({ uri })).contents[0].text,
    listPrompts: async () => z.array(listedPrompt).parse((await client.listPrompts()).prompts),
    getPrompt: async (name, args) =>
      promptText.parse(await client.getPrompt({ name, ...(args === undefined ? {} : { arguments: args }) }))
        .messages[0].content.text,
    completePrompt: async (name, argument, value) =>
      (await client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } }))
        .completion.values,
    close: () => client.close(),
  };
}

function readResult(raw: unknown): ToolResult {
  const { content, structuredContent, isError, _meta } = result.parse(raw);
  const error = _meta?.['arkeo-mcp/error'];
  return {
    text: content.map(({ text }) => text ?? '').join('\n'),
    pictures: content.flatMap(({ type, data }) => (type === 'image' && data !== undefined ? [data] : [])),
    structured: structuredContent,
    isError: isError === true,
    error: z.record(z.string(), z.unknown()).optional().parse(error),
  };
}
