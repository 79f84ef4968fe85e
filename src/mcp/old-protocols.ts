import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';

/** The first protocol version that knows resource links. */
const FIRST_WITH_LINKS = '2025-06-18';

/**
 * An answer that a client of this protocol version can read. Before 2025-06-18 a resource link makes the whole answer
 * invalid for the client, so the text names the resources instead.
 * @param version as negotiated, such as `2025-03-26`; undefined is a newer one
 */
export function readableIn<T extends CallToolResult | InputRequiredResult>(
  version: string | undefined,
  result: T,
): T | CallToolResult {
  if (version === undefined || version >= FIRST_WITH_LINKS || !isAnswer(result)) return result;
  const links = result.content.filter((block) => block.type === 'resource_link');
  if (links.length === 0) return result;
  const named = links.map(({ name, uri }) => `Resource ${name}: ${uri}`).join('\n');
  return {
    ...result,
    content: [
      ...result.content.filter((block) => block.type !== 'resource_link'),
      { type: 'text', text: named },
    ],
  };
}

function isAnswer(result: CallToolResult | InputRequiredResult): result is CallToolResult {
  return 'content' in result;
}
