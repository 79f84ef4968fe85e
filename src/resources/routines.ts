import { type McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import { describeRoutine } from '../instrument/routines/describe.ts';
import type { Product } from '../instrument/product.ts';

const LIST_URI = 'arkeo://routines';
const MIME_TYPE = 'text/markdown';
const uriOf = (name: string): string => `${LIST_URI}/${encodeURIComponent(name)}`;

/** `arkeo://routines` and `arkeo://routines/{name}`: what each routine measures, its settings, results and pitfalls. */
export function registerRoutineResources(server: McpServer, product: Product): void {
  server.registerResource(
    'routines',
    LIST_URI,
    { title: 'Routines', description: 'What each routine of the ARKEO measures.', mimeType: MIME_TYPE },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: MIME_TYPE, text: routineList(product) }] }),
  );
  server.registerResource(
    'routine',
    new ResourceTemplate(`${LIST_URI}/{name}`, {
      list: () => ({
        resources: product.routines.map(({ name, title }) => ({
          uri: uriOf(name),
          name,
          title,
          mimeType: MIME_TYPE,
        })),
      }),
      complete: { name: (typed) => completeRoutine(product, typed) },
    }),
    {
      title: 'One routine',
      description:
        'Settings with units, result columns, custom commands, duration and pitfalls of a routine.',
      mimeType: MIME_TYPE,
    },
    (uri, { name }) => {
      const routine = product.findRoutine(decoded(String(name)));
      if (routine === undefined) throw new ResourceNotFoundError(uri.href);
      return { contents: [{ uri: uri.href, mimeType: MIME_TYPE, text: describeRoutine(routine) }] };
    },
  );
}

/** The name in a URI; one that is no valid encoding names nothing. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return '';
  }
}

function routineList({ routines }: Product): string {
  const lines = routines.map(
    ({ name, title, measures }) => `- [${name}](${uriOf(name)}), ${title}. ${measures}`,
  );
  return [
    '# Routines',
    lines.join('\n'),
    'Which of them an instrument has: `main_get_available_routines`.',
  ].join('\n\n');
}

/** Names that begin with what was typed, without regard to case. */
function completeRoutine({ routines }: Product, typed: string): string[] {
  return routines
    .map(({ name }) => name)
    .filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
}
