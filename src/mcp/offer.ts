import { ConfigurationError } from '../errors.ts';
import type { Toolset } from '../vocabulary.ts';
import type { Tool } from '../tools/define-tool.ts';

/** Selection of the tools that a server offers. */
export interface Offer {
  /** Only tools that look, and those that switch off. */
  readOnly: boolean;
  /** Empty: all. */
  toolsets: readonly Toolset[];
  /** By name. */
  exclude: readonly string[];
}

/** Tool that is never hidden: the way to switch everything off. */
const ALWAYS = 'safe_shutdown';

/** The tools of an offer, in the order of the registry. Throws ConfigurationError for an excluded name that no tool has. */
export function offered(tools: readonly Tool[], { readOnly, toolsets, exclude }: Offer): readonly Tool[] {
  const unknown = exclude.filter((name) => !tools.some((tool) => tool.name === name));
  if (unknown.length > 0)
    throw new ConfigurationError(
      `--exclude-tools (ARKEO_EXCLUDE_TOOLS): there is no tool ${unknown.join(', ')}`,
      'docs/tool-reference.md lists the tools.',
    );
  return tools.filter(
    ({ name, kind, toolset }) =>
      name === ALWAYS ||
      ((kind === 'read' || kind === 'safety' || !readOnly) &&
        (toolsets.length === 0 || toolsets.includes(toolset)) &&
        !exclude.includes(name)),
  );
}

/** Describes to a model the mode in which it works. */
export function describeOffer({ readOnly, toolsets, exclude }: Offer): string[] {
  return [
    ...(readOnly ? ['READ ONLY: you can look and switch off, and change nothing.'] : []),
    ...(toolsets.length > 0 || exclude.length > 0
      ? ['Not all tools are offered here: what is missing was left out by whoever runs the server.']
      : []),
  ];
}
