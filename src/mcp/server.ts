import { McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { instructions } from './instructions.ts';
import type { Kind } from '../instrument/command.ts';
import { registerPrompts } from '../prompts/register.ts';
import { registerMeasurementResources } from '../resources/measurements.ts';
import { registerRoutineResources } from '../resources/routines.ts';
import { registerStatusResource } from '../resources/status.ts';
import { AdvertisedSchemas } from './advertised.ts';
import type { Consents } from './consent.ts';
import type { Tool, ToolContext } from '../tools/define-tool.ts';
import { type Offer, offered } from './offer.ts';
import { hintsFor, iconFor } from './host-hints.ts';
import { readableIn } from './old-protocols.ts';
import { runTool } from './run-tool.ts';
import { VERSION } from '../version.ts';

export interface ServerOptions {
  context: ToolContext;
  /** Every tool of the product, in the order hosts see. */
  tools: readonly Tool[];
  /** The questions of this process to the person. */
  consents: Consents;
  offer: Offer;
  /** Caller on this connection; everything that belongs to the caller is kept under this id. */
  caller: string;
  /** Whether the built-in simulator was asked for. */
  simulator: boolean;
}

/** The composition root of the MCP side: registers everything, does no I/O of its own. */
export function createServer({
  context,
  tools,
  consents,
  offer,
  caller,
  simulator,
}: ServerOptions): McpServer {
  const server = new McpServer(
    {
      name: 'arkeo-mcp',
      title: 'ARKEO photovoltaic measurement system',
      version: VERSION,
      icons: [iconFor('actuate')],
    },
    {
      instructions: instructions(simulator, tools, offer),
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      requestState: { verify: consents.verify },
    },
  );
  const offeredTools = offered(tools, offer);
  const schemas = new AdvertisedSchemas();
  for (const tool of offeredTools) {
    const outputSchema = schemas.output(tool.output);
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: schemas.input(tool.input),
        ...(outputSchema === undefined ? {} : { outputSchema }),
        annotations: { title: tool.title, ...annotations(tool.kind) },
        icons: [iconFor(tool.kind)],
        _meta: hintsFor(tool),
      },
      async (args, call) => {
        const result = await runTool(tool, args, context, {
          caller,
          signal: call.mcpReq.signal,
          progress: progressOf(call.mcpReq),
          consent: consents.of(server, call, tool.name, args),
        });
        // oxlint-disable-next-line typescript/no-deprecated
        return readableIn(server.server.getNegotiatedProtocolVersion(), result);
      },
    );
  }
  registerRoutineResources(server, context.product);
  registerMeasurementResources(server, context.archive);
  registerStatusResource(server, context);
  registerPrompts(server, context, (name) => offeredTools.some((tool) => tool.name === name));
  return server;
}

/** Progress notifications, where the host asked for them. */
function progressOf({
  _meta,
  signal,
  notify,
}: ServerContext['mcpReq']): ((sentence: string, fraction?: number) => void) | undefined {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let last = 0;
  return (message, fraction) => {
    if (signal.aborted) return;
    // It must rise with every notification, also where nobody knows how far it is.
    last = Math.max(last + 1e-6, fraction ?? 0);
    const progress = Math.min(last, 1);
    notify({
      method: 'notifications/progress',
      params: { progressToken, progress, total: 1, message },
    }).catch(
      // The host is gone: whoever waits for the tool finds out by the signal.
      () => undefined,
    );
  };
}

/** Everything a host is told about the danger of a tool derives from its kind. */
function annotations(kind: Kind) {
  return {
    readOnlyHint: kind === 'read',
    destructiveHint: kind === 'actuate',
    idempotentHint: kind === 'read' || kind === 'safety',
    openWorldHint: false,
  };
}
