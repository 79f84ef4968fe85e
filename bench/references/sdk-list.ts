/** As bare as a server of the SDK can be: the list is text that it only hands out, and one tool echoes. */
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import tools from '#tools';
import { answer } from './answer.ts';
import { asIs } from './as-is.ts';

serveStdio(() => {
  const server = new McpServer({ name: 'bare', version: '1' }, { capabilities: { tools: {} } });
  for (const { name, title, description, annotations, inputSchema, outputSchema } of tools)
    server.registerTool(
      name,
      {
        title,
        description,
        annotations,
        inputSchema: asIs(inputSchema),
        outputSchema: asIs(outputSchema),
      },
      (args) => answer(args),
    );
  return server;
});
