import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { description, mcpName, name, repository, TITLE, version } from './facts.ts';
import { type AskedOption, askedOptions } from './option-schema.ts';
import ownSchema from './server.schema.json' with { type: 'json' };

export const OFFICIAL_SCHEMA = {
  url: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
  sha256: '3fba09590c99f61735d234822279f4223fab9e300c0a81e81c91ab62a4114de0',
};

/**
 * Entry for the MCP registry, in its format of 2025-12-11.
 *
 * @param bundle of a release; left out if there is none
 */
export function serverJson(bundle?: { url: string; sha256: string }) {
  const environmentVariables = askedOptions().map(environmentVariable);
  const transport = { type: 'stdio' };
  return {
    $schema: OFFICIAL_SCHEMA.url,
    name: mcpName,
    title: TITLE,
    description,
    version,
    ...(repository === undefined ? {} : { repository: { url: repository, source: 'github' } }),
    packages: [
      { registryType: 'npm', identifier: name, version, runtimeHint: 'npx', transport, environmentVariables },
      ...(bundle === undefined
        ? []
        : // The manifest of the bundle names its options.
          [{ registryType: 'mcpb', identifier: bundle.url, version, fileSha256: bundle.sha256, transport }]),
    ],
  };
}

const FORMATS = {
  boolean: 'boolean',
  number: 'number',
  file: 'filepath',
  directory: 'filepath',
  string: 'string',
};

function environmentVariable({ variable, description: what, form, choices, standard }: AskedOption) {
  return {
    name: variable,
    description: what,
    format: FORMATS[form],
    ...(form === 'boolean' ? { default: 'false' } : {}),
    ...(standard === undefined ? {} : { default: standard }),
    ...(choices === undefined ? {} : { choices }),
  };
}

/**
 * Errors of a server.json, one sentence each.
 *
 * @param schema our reading of the format, unless given
 */
export function checkServerJson(value: unknown, schema: object = ownSchema): string[] {
  // The official schema has keywords of OpenAPI.
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  if (ajv.validate(schema, value)) return [];
  return (ajv.errors ?? []).map(({ instancePath, message }) => `server.json ${instancePath}: ${message}`);
}
