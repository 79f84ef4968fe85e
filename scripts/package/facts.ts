import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };

/** What is said of this package in every registry: package.json, where it is typed once. */
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

/** Stands in mcpName where the owner's name on GitHub belongs. */
const UNKNOWN_OWNER = 'OWNER';

/** What keeps this package from being published, each with what to do; docs/releasing.md says the same. */
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
