import type { Config } from '../config.ts';
import { createLogger } from '../logger.ts';
import { offered } from '../mcp/offer.ts';
import { serveOnStdio } from '../mcp/stdio.ts';
import { toolsFor } from '../tools/index.ts';
import { VERSION } from '../version.ts';
import { createContext } from './context.ts';
import { ProgramEnd } from './program-end.ts';

/** Serves MCP on standard input and output until the host goes away. */
export function serve(config: Config): void {
  const logger = createLogger({ level: config.logLevel, file: config.logFile });
  const context = createContext(config, logger);
  const tools = toolsFor(context.product);
  const offer = {
    readOnly: config.readOnly,
    toolsets: config.toolsets,
    exclude: config.excludeTools,
  };
  // A wrong tool name ends the server at once, and not only when a host lists the tools.
  offered(tools, offer);
  const end = new ProgramEnd({
    context,
    logger,
    onExit: config.onExit,
    closeTransport: () => transport.close(),
    stopReading: () => transport.stopReading(),
  });
  const transport = serveOnStdio({
    context,
    tools,
    offer,
    simulator: config.simulator,
    onError: (error) => logger.warn({ err: error }, 'MCP'),
    onGone: (reason, exitCode) => end.begin(reason, exitCode),
  });
  logger.info(
    { version: VERSION, instrument: context.connection.status().address },
    'arkeo-mcp serves MCP on stdio',
  );
  end.listen();
}
