import type { Config } from '../config.ts';
import { ConfigurationError } from '../errors.ts';
import { allInOne } from '../instrument/all-in-one.ts';
import { type LimitSource, limitSource } from '../safety/limits/limit-source.ts';
import type { Tool } from '../tools/define-tool.ts';
import { toolsFor } from '../tools/index.ts';
import { offered } from '../mcp/offer.ts';

/** Throws ConfigurationError if options that are each valid would not work together. */
export function requireUsable(config: Config): void {
  requireLimits(config);
  requireTools(config);
}

/** The limits that apply. Throws ConfigurationError if there are none. */
export function requireLimits({ limits, limitsProfile }: Config): LimitSource {
  const source = limitSource(allInOne, limits, limitsProfile);
  if (source.blocked !== undefined)
    throw new ConfigurationError(
      source.blocked,
      'Without limits the server changes nothing on an instrument.',
    );
  return source;
}

/** The tools that are offered. Throws ConfigurationError for an excluded name that no tool has. */
export function requireTools({ readOnly, toolsets, excludeTools }: Config): readonly Tool[] {
  return offered(toolsFor(allInOne), { readOnly, toolsets, exclude: excludeTools });
}
