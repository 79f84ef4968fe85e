import type { McpServer } from '@modelcontextprotocol/server';
import type { ToolContext } from '../tools/define-tool.ts';
import { renderAnswer } from '../tools/answer/answer-form.ts';
import { lookAtInstrument, statusOutput } from '../tools/instrument-status.ts';

const MIME_TYPE = 'application/json';

/** `arkeo://status`: what instrument_status answers, as JSON, read anew each time. */
export function registerStatusResource(server: McpServer, context: ToolContext): void {
  server.registerResource(
    'status',
    'arkeo://status',
    {
      title: 'Instrument status',
      description: 'Connection, open routine, LEDs, relays and temperatures as they are now.',
      mimeType: MIME_TYPE,
    },
    async (uri, { mcpReq: { signal } }) => {
      const { said } = await lookAtInstrument({ ...context, signal });
      const { structured } = renderAnswer(statusOutput, said);
      return { contents: [{ uri: uri.href, mimeType: MIME_TYPE, text: JSON.stringify(structured) }] };
    },
  );
}
