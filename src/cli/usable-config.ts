import type { Config } from '../config.ts';
import { ConfigurationError } from '../errors.ts';
import { limitSource } from '../safety/limits/limit-source.ts';
import { tools } from '../tools/index.ts';
import { offered } from '../tools/offer.ts';

/** Throws ConfigurationError where options are well each by itself, and a server would not do its work with them. */
export function requireUsable(config: Config): void {
  const { blocked } = limitSource(config.limits, config.limitsProfile);
  if (blocked !== undefined)
    throw new ConfigurationError(blocked, 'Without limits the server changes nothing on an instrument.');
  offered(tools, {
    readOnly: config.readOnly,
    toolsets: config.toolsets,
    exclude: config.excludeTools,
  });
}
