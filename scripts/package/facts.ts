import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };

/** Facts about this package for every registry, from package.json, which is their only source. */
const facts = z
  .looseObject({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    author: z.string(),
    license: z.string(),
    keywords: z.array(z.string()),
    engines: z.looseObject({ node: z.string() }),
    mcpName: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    repository: z.looseObject({ url: z.string() }).optional(),
  })
  .parse(manifest);

export const { name, version, description, author, license, keywords, engines, mcpName } = facts;

export const TITLE = 'ARKEO photovoltaic measurement system';

/** `https://github.com/…` without `.git`; undefined while package.json has no repository. */
export const repository = facts.repository?.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** Placeholder in mcpName for the owner's name on GitHub. */
const UNKNOWN_OWNER = 'OWNER';

/** Reasons why this package cannot be published, each with the remedy; docs/releasing.md has the same. */
export function missingForRelease(): string[] {
  return [
    ...(mcpName.split(/[./]/).includes(UNKNOWN_OWNER)
      ? [`"mcpName" in package.json is ${mcpName}: replace ${UNKNOWN_OWNER} by the owner's name on GitHub`]
      : []),
    ...(repository === undefined
      ? [
          '"repository" is missing in package.json: npm needs it for the provenance, and the bundle is fetched from there',
        ]
      : []),
  ];
}
