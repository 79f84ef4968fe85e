import type { McpbManifestAny } from '@anthropic-ai/mcpb';
import { allInOne } from '../../src/instrument/all-in-one.ts';
import { toolsFor } from '../../src/tools/index.ts';
import {
  author,
  description,
  engines,
  keywords,
  license,
  name,
  repository,
  TITLE,
  version,
} from './facts.ts';
import { firstSentence } from './first-sentence.ts';
import { type AskedOption, askedOptions } from './option-schema.ts';

/** The options that a person is asked for on installing, with their names in the form. */
const ASKED: Readonly<Record<string, string>> = {
  host: 'Address of the ARKEO computer',
  port: 'Port of the ARKEO',
  simulator: 'Use the simulator',
  dataDir: 'Folder for measurements',
  limits: 'Limits file',
  readOnly: 'Read only',
  allow: 'Hazards allowed without asking',
};

/**
 * The manifest of the bundle for one-click installation. 0.3 is the last version of its format that is not
 * called experimental, and has everything that a server on Node needs.
 */
export function bundleManifest(): McpbManifestAny {
  const options = askedOptions();
  const asked = Object.entries(ASKED).map(([key, title]) => {
    const option = options.find((candidate) => candidate.key === key);
    if (option === undefined) throw new Error(`there is no option ${key} in src/config.ts`);
    return { ...option, title };
  });
  return {
    manifest_version: '0.3',
    name,
    display_name: TITLE,
    version,
    description,
    author: { name: author },
    license,
    keywords,
    icon: 'icon.png',
    ...(repository === undefined ? {} : { repository: { type: 'git', url: repository } }),
    server: {
      type: 'node',
      entry_point: 'dist/index.js',
      mcp_config: {
        command: 'node',
        args: ['${__dirname}/dist/index.js'],
        env: Object.fromEntries(asked.map(({ key, variable }) => [variable, `\${user_config.${key}}`])),
      },
    },
    tools: toolsFor(allInOne).map((tool) => ({
      name: tool.name,
      description: firstSentence(tool.description),
    })),
    user_config: Object.fromEntries(asked.map((option) => [option.key, question(option)])),
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: engines.node } },
  };
}

/** Makes a question with a default: without one, hosts pass the placeholder on as it is. */
function question({ form, title, description: what, standard, min, max }: AskedOption & { title: string }) {
  return {
    type: form,
    title,
    description: what,
    required: false,
    default:
      form === 'boolean' ? standard === 'true' : form === 'number' ? Number(standard) : (standard ?? ''),
    ...(form === 'number' && min !== undefined ? { min } : {}),
    ...(form === 'number' && max !== undefined ? { max } : {}),
  };
}
