/**
 * Writes the generated parts of the documentation; with --check it writes nothing and fails if a part is out of
 * date. Either way it fails if a member of a stored measurement is not documented.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { configSchema, describeOptions, setupSchema, simulateSchema } from '../src/config.ts';
import { markdownTable } from '../src/text/markdown-table.ts';
import { describeRoutine } from '../src/instrument/routines/describe.ts';
import { allInOne } from '../src/instrument/all-in-one.ts';
import { recordSchema } from '../src/archive/record.ts';
import type { Prompt } from '../src/prompts/define-prompt.ts';
import { prompts } from '../src/prompts/index.ts';
import type { Tool } from '../src/tools/define-tool.ts';
import { TOOLSETS, type Toolset } from '../src/vocabulary.ts';
import { toolsFor } from '../src/tools/index.ts';
import { describeArguments } from './describe-arguments.ts';
import { describeLimits } from './describe-limits.ts';
import { diagram, layerTable, lintOverrides, roomTable } from './layers.ts';
import { describeFigures } from './describe-figures.ts';
import { constraint, memberNames } from './describe-schema.ts';
import { firstSentence } from './package/first-sentence.ts';
import { serverJson } from './package/server-json.ts';

const TOOLS = toolsFor(allInOne);

const root = new URL('../', import.meta.url);
const checkOnly = process.argv.includes('--check');
const stale: string[] = [];

/** Replaces the text between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
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
    // The file is new.
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

const TOOLSET_TITLES: Record<Toolset, string> = {
  workflow: 'Measuring, and everything around it',
  main: 'Single commands: which routine is open',
  routine: 'Single commands: the open routine',
  led: 'Single commands: LED boards',
  mux: 'Single commands: multiplexer',
  tmpctl: 'Single commands: temperature controllers',
  custom: 'Single commands that only one routine has',
};

function toolTable(toolset: Toolset, page: string): string {
  const rows = TOOLS.filter((tool) => tool.toolset === toolset).map(({ name, kind, description }) => [
    `[\`${name}\`](${page}#${name})`,
    kind,
    firstSentence(description),
  ]);
  return markdownTable(['tool', 'kind', 'what it does'], rows);
}

function promptReference(prompt: Prompt): string {
  const { name, title, description, arguments: table, tools: needed } = prompt;
  const rows = Object.entries(table).map(([argument, { description: meaning }]) => [
    `\`${argument}\``,
    meaning,
  ]);
  const links = needed.map((tool) => `[\`${tool}\`](tool-reference.md#${tool})`);
  return [
    `## ${name}`,
    `*${title}.* ${description}`,
    markdownTable(['argument', 'meaning'], rows),
    `Needs ${links.join(', ')}.`,
    `\`\`\`text\n${prompt.text({}, () => true)}\n\`\`\``,
  ].join('\n\n');
}

/** Throws unless every name stands in the file, as code. */
function requireMentioned(file: string, names: readonly string[]): void {
  const text = readFileSync(new URL(file, root), 'utf8');
  const missing = names.filter((name) => !text.includes(`\`${name}\``));
  if (missing.length > 0) throw new Error(`${file} does not mention ${missing.join(', ')}`);
}

section('README.md', 'options', optionTable(configSchema, true));
section('README.md', 'setup options', optionTable(setupSchema, false));
section('README.md', 'simulate options', optionTable(simulateSchema, false));
section('README.md', 'tools', toolTable('workflow', 'docs/tool-reference.md'));
section(
  'README.md',
  'prompts',
  markdownTable(
    ['prompt', 'what it does'],
    prompts.map(({ name, description }) => [`[\`${name}\`](docs/prompts.md#${name})`, description]),
  ),
);
section('docs/measurements.md', 'arguments', describeArguments());
section('docs/safety.md', 'built-in limits', describeLimits());
requireMentioned('docs/archive.md', memberNames(recordSchema));
put(
  'docs/tool-reference.md',
  [
    '# Tool reference',
    '<!-- Written by `npm run docs`. -->',
    'Every tool the server offers, generated from the code. Kinds: `read` changes nothing, `configure` changes settings, `actuate` puts energy into the sample or moves hardware, `safety` takes energy out.',
    ...TOOLSETS.map((toolset) => `## ${TOOLSET_TITLES[toolset]}\n\n${toolTable(toolset, '')}`),
    '## Each tool',
    ...TOOLS.map(toolReference),
  ].join('\n\n') + '\n',
);

put(
  'docs/prompts.md',
  [
    '# Prompts',
    '<!-- Written by `npm run docs`. -->',
    'Every prompt the server offers, generated from the code, with what it says when no argument is given. All arguments are optional; the model asks the person for what is missing. A prompt is offered where all the tools that it needs are: see `--read-only`, `--toolsets` and `--exclude-tools`. Completions come from the measurements on this computer; the instrument is not asked. The measurements of each were tried on the simulator, none on a real ARKEO.',
    ...prompts.map(promptReference),
  ].join('\n\n') + '\n',
);

put(
  'docs/routines.md',
  [
    '<!-- Written by `npm run docs`. -->',
    'Every routine we know, generated from the code; the server offers the same text by `describe_routine` and as `arkeo://routines/{name}`. What is computed from its data: [figures.md](figures.md).',
    ...allInOne.routines.map(describeRoutine),
  ].join('\n\n') + '\n',
);

put(
  'docs/figures.md',
  [
    '# Figures',
    '<!-- Written by `npm run docs`. -->',
    'What is computed from the data of each routine, and how: read off a measurement of each on the simulator with its usual settings, so that a number in a method may be of that measurement. The `method` of each figure in a record is how that one was computed.',
    'Other data may have fewer or further figures: a second arc of an impedance (`r_2`, `tau_2`, …) or bounds where its fit leaves a resistance open (`r_series_at_most`, `r_total_at_least`), `i0` instead of `j0` without an area. A Voc just beyond the end of a scan is extrapolated, and a warning says by how much. How the instrument computes its own figures is not documented; where they differ from ours, it may take other points or another fit.',
    describeFigures(),
  ].join('\n\n') + '\n',
);

put('oxlint.layers.json', `${JSON.stringify({ overrides: lintOverrides() }, undefined, 2)}\n`);
section('docs/architecture.md', 'diagram', diagram());
section('docs/architecture.md', 'rooms', roomTable());
section('CONTRIBUTING.md', 'layers', layerTable());
put('server.json', `${JSON.stringify(serverJson(), undefined, 2)}\n`);

if (stale.length > 0) {
  console.log(
    `${checkOnly ? 'out of date, run npm run docs' : 'written'}: ${[...new Set(stale)].join(', ')}`,
  );
  if (checkOnly) process.exitCode = 1;
}
