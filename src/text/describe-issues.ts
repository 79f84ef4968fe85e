import type * as z from 'zod';
// From here, because z.core.toDotPath would bring every language of zod into the bundle.
import { toDotPath } from 'zod/v4/core';

/** One line per problem: where it is, and what would be right. */
export function describeIssues(error: z.core.$ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${toDotPath(path)}: ${message}` : message))
    .join('; ');
}
