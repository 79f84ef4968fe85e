/**
 * Writes what is derived from the code into the documentation; with --check it writes nothing and fails when
 * something is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { configSchema, describeOptions, simulateSchema } from '../src/config.ts';
import { markdownTable } from '../src/instrument/markdown-table.ts';
import { describeRoutine } from '../src/instrument/routines/describe.ts';
import { routines } from '../src/instrument/routines/index.ts';
import type { Tool } from '../src/tools/define-tool.ts';
import { tools } from '../src/tools/index.ts';

const root = new URL('../', import.meta.url);
const checkOnly = process.argv.includes('--check');
const stale: string[] = [];

/** Replaces what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
function section(file: string, name: string, text: string): void {
  const before = readFileSync(new URL(file, root), 'utf8');
  const pattern = new RegExp(`(<!-- begin ${name} -->\n)[^]*?(<!-- end ${name} -->)`);
  if (!pattern.test(before)) throw new Error(`${file} has no section ${name}`);
  put(
    file,
    before.replace(pattern, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`),
  );
}

function put(file: string, text: string): void {
  const url = new URL(file, root);
  let before = '';
  try {
    before = readFileSync(url, 'utf8');
  } catch {
    // A new file.
  }
  if (before === text) return;
  stale.push(file);
  if (!checkOnly) writeFileSync(url, text);
}

function optionTable(schema: z.ZodObject, variables: boolean): string {
  return markdownTable(
    ['option', ...(variables ? ['variable'] : []), 'default', 'meaning'],
    describeOptions(schema).map(({ flag, value, variable, standard, description }) => [
      `\`${flag}${value === undefined ? '' : ` <${value}>`}\``,
      ...(variables ? [`\`${variable}\``] : []),
      standard === undefined ? '' : `\`${standard}\``,
      description,
    ]),
  );
}

const property = z.looseObject({ description: z.string().optional() });
const inputJson = z.looseObject({
  properties: z.record(z.string(), property).default({}),
  required: z.array(z.string()).default([]),
});

/** What the JSON schema says beyond the description, in words. */
function constraint({ description: _, ...schema }: Record<string, unknown>): string {
  const parts: string[] = [];
  const {
    type,
    enum: values,
    minimum,
    maximum,
    exclusiveMinimum,
    minItems,
    maxItems,
    default: standard,
  } = schema;
  if (Array.isArray(values)) parts.push(values.map((value) => `\`${String(value)}\``).join(' or '));
  else if (typeof type === 'string') parts.push(type);
  if (minimum !== undefined && maximum !== undefined) parts.push(`${String(minimum)} to ${String(maximum)}`);
  if (exclusiveMinimum !== undefined) parts.push(`above ${String(exclusiveMinimum)}`);
  if (exclusiveMinimum !== undefined && maximum !== undefined) parts.push(`up to ${String(maximum)}`);
  if (minItems !== undefined)
    parts.push(
      minItems === maxItems
        ? `${String(minItems)} items`
        : `${String(minItems)} to ${String(maxItems)} items`,
    );
  if (standard !== undefined) parts.push(`default \`${JSON.stringify(standard)}\``);
  return parts.join(', ');
}

function toolReference(tool: Tool): string {
  const { properties, required } = inputJson.parse(z.toJSONSchema(tool.input, { io: 'input' }));
  const rows = Object.entries(properties).map(([name, schema]) => [
    `\`${name}\``,
    required.includes(name) ? 'yes' : '',
    constraint(schema),
    schema.description ?? '',
  ]);
  return [
    `## ${tool.name}`,
    `*${tool.title}* · kind \`${tool.kind}\``,
    tool.description,
    rows.length === 0 ? 'No arguments.' : markdownTable(['argument', 'required', 'values', 'meaning'], rows),
  ].join('\n\n');
}

section('README.md', 'options', optionTable(configSchema, true));
section('README.md', 'simulate options', optionTable(simulateSchema, false));
section(
  'README.md',
  'tools',
  markdownTable(
    ['tool', 'kind', 'what it does'],
    tools.map(({ name, kind, description }) => [
      `[\`${name}\`](docs/tool-reference.md#${name})`,
      kind,
      description.split(/(?<=\.) /)[0] ?? '',
    ]),
  ),
);
put(
  'docs/tool-reference.md',
  [
    '# Tool reference',
    '<!-- Written by `npm run docs`. -->',
    'Every tool the server offers, generated from the code. Kinds: `read` changes nothing, `configure` changes settings, `actuate` puts energy into the sample or moves hardware, `safety` takes energy out.',
    ...tools.map(toolReference),
  ].join('\n\n') + '\n',
);

put(
  'docs/routines.md',
  [
    '<!-- Written by `npm run docs`. -->',
    'Every routine we know, generated from the code; the server offers the same text as `arkeo://routines/{name}`.',
    ...routines.map(describeRoutine),
  ].join('\n\n') + '\n',
);

if (stale.length > 0) {
  console.log(
    `${checkOnly ? 'out of date, run npm run docs' : 'written'}: ${[...new Set(stale)].join(', ')}`,
  );
  if (checkOnly) process.exitCode = 1;
}
