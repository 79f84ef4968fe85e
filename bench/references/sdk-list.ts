/** As bare as a server of the SDK can be: the list is text that it only hands out, and one tool echoes. */
import { McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import tools from '#tools';

function asIs(json: Record<string, unknown>): StandardSchemaWithJSON {
  return {
    '~standard': {
      version: 1,
      vendor: 'bare',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}

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
      (args) => ({ content: [{ type: 'text', text: JSON.stringify(args) }], structuredContent: {} }),
    );
  return server;
});
