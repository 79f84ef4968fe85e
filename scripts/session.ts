/**
 * A real MCP client on the built server and its simulator, like a host's: for scripts that demonstrate the
 * server.
 */
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as z from 'zod';

const answer = z.looseObject({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().default('') })),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

export interface Session {
  client: Client;
  /** Calls a tool. Throws if the answer is an error or lacks the form that `structured` requires. */
  tool: <S extends z.ZodType>(
    name: string,
    args: Record<string, unknown>,
    structured: S,
  ) => Promise<{ text: string; structured: z.output<S> }>;
}

/**
 * Starts a session.
 *
 * @param onProgress receives the server's progress sentences
 */
export async function startSession(
  options: readonly string[],
  onProgress?: (sentence: string | undefined) => void,
): Promise<Session> {
  const client = new Client({ name: 'arkeo-mcp scripts', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [fileURLToPath(new URL('../dist/index.js', import.meta.url)), '--simulator', ...options],
      stderr: 'inherit',
    }),
  );
  return {
    client,
    tool: async (name, args, structured) => {
      const { content, structuredContent, isError } = answer.parse(
        await client.callTool(
          { name, arguments: args },
          onProgress && { onprogress: ({ message }) => onProgress(message) },
        ),
      );
      const text = content
        .filter(({ type }) => type === 'text')
        .map((part) => part.text)
        .join('\n');
      if (isError) throw new Error(`${name}: ${text}`);
      return { text, structured: structured.parse(structuredContent) };
    },
  };
}

/** The files of a picture, as plot_measurements names them in its text. */
export function drawnFiles(text: string): { png: string; svg: string } {
  const [, png, svg] = /^Kept as (.+\.png) and (.+\.svg)$/m.exec(text) ?? [];
  if (png === undefined || svg === undefined) throw new Error(`no picture in ${text}`);
  return { png, svg };
}
