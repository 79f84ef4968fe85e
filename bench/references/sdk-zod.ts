/**
 * A bare server of the SDK, with the same list of tools as arkeo-mcp, in zod, which is how the SDK's
 * documentation writes them.
 */
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import tools from '#tools';

serveStdio(() => {
  const server = new McpServer({ name: 'bare', version: '1' }, { capabilities: { tools: {} } });
  for (const { name, title, description, annotations, inputSchema, outputSchema } of tools)
    server.registerTool(
      name,
      {
        title,
        description,
        annotations,
        inputSchema: z.fromJSONSchema(inputSchema),
        outputSchema: z.fromJSONSchema(outputSchema),
      },
      () => ({ content: [] }),
    );
  return server;
});
