/** Reads `layers.json`, the one list of rooms, and derives from it the lint rules, the diagram and the tables. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { markdownTable } from '../src/text/markdown-table.ts';

const room = z.strictObject({
  room: z.string(),
  knows: z.string(),
  never: z.string(),
  packages: z.array(z.string()).default([]),
});
const schema = z.strictObject({
  anywhere: z.array(z.string()),
  layers: z.array(z.array(room)),
  listed: z.array(z.strictObject({ from: z.string(), to: z.string(), why: z.string() })),
  apart: z.array(room.extend({ imports: z.array(z.string()), importedBy: z.array(z.string()) })),
  pure: z.array(z.string()),
  restricted: z.array(z.string()),
});
const layers = schema.parse(JSON.parse(readFileSync(new URL('../layers.json', import.meta.url), 'utf8')));
type Room = z.output<typeof room>;

/** Rooms that `name` may import from, besides itself. */
function importable(name: string): string[] {
  const apart = layers.apart.find((one) => one.room === name);
  if (apart !== undefined) return apart.imports;
  const level = layers.layers.findIndex((line) => line.some((one) => one.room === name));
  return [
    ...layers.layers.slice(level + 1).flatMap((line) => line.map((one) => one.room)),
    ...layers.listed.filter(({ from }) => from === name).map(({ to }) => to),
    ...layers.apart.filter(({ importedBy }) => importedBy.includes(name)).map((one) => one.room),
  ];
}

const PACKAGE_PATTERNS = (packages: readonly string[]): string[] =>
  packages.map((name) => (name.startsWith('@') ? `${name}/**` : name));

/** Lint overrides: the allowed imports of each room, at each depth of its folders. */
export function lintOverrides(): object[] {
  const all = [...layers.layers.flat(), ...layers.apart];
  return [
    override(['src/*.ts'], ['./**', '../**', ...PACKAGE_PATTERNS(layers.restricted)]),
    override(['src/version.ts'], ['./**', '../**', '!../package.json']),
    override(['src/config.ts', 'src/logger.ts'], ['./**', '../**', ...anywhere('./')]),
    override(['src/index.ts'], ['./**', '../**', '!./cli/**', ...anywhere('./')]),
    ...all.flatMap(rulesOf),
  ];
}

function rulesOf(one: Room): object[] {
  const packages = PACKAGE_PATTERNS(layers.restricted.filter((name) => !one.packages.includes(name)));
  const disk = layers.pure.includes(one.room) ? ['node:*', '!node:buffer'] : [];
  const depth = one.room.split('/').length;
  return [0, 1].map((deeper) => {
    const up = '../'.repeat(depth + deeper);
    const files = `src/${one.room}/${'*/'.repeat(deeper)}${deeper === 0 ? '*.ts' : '**'}`;
    const rooms = importable(one.room).map((name) => `!${up}${name}/**`);
    // Code that checks a result must be independent of the code that made it: the constants import nothing.
    const shared = one.room === 'science/reference' ? [] : anywhere(up);
    return override([files], [`${up}**`, ...rooms, ...shared, ...packages, ...disk]);
  });
}

function anywhere(up: string): string[] {
  return [`!${up}{${layers.anywhere.join(',')}}.ts`];
}

function override(files: readonly string[], patterns: readonly string[]): object {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

/** A Mermaid diagram, top layer first. */
export function diagram(): string {
  const id = (name: string): string => name.replace('/', '_');
  const lines = layers.layers.map((line, i) => [
    `  subgraph layer${i} [" "]`,
    '    direction LR',
    ...line.map((one) => `    ${id(one.room)}["${one.room}/"]`),
    '  end',
  ]);
  return [
    '```mermaid',
    'flowchart TD',
    '  index["index.ts"] --> layer0',
    ...lines.flat(),
    ...layers.layers.slice(1).map((_, i) => `  layer${i} --> layer${i + 1}`),
    ...layers.listed.map(({ from, to }) => `  ${id(from)} -.-> ${id(to)}`),
    ...layers.apart.map((one) => `  ${id(one.room)}["${one.room}/"]`),
    ...layers.apart.flatMap((one) => [
      ...one.importedBy.map((name) => `  ${id(name)} --> ${id(one.room)}`),
      ...one.imports.filter((name) => !name.includes('/')).map((name) => `  ${id(one.room)} --> ${id(name)}`),
    ]),
    '```',
  ].join('\n');
}

/** Table of each room's knowledge, and of its exclusions. */
export function roomTable(): string {
  return markdownTable(
    ['room', 'what it knows', 'what it never knows'],
    [...layers.layers.flat(), ...layers.apart].map((one) => [`\`src/${one.room}\``, one.knows, one.never]),
  );
}

/** The layers in order, with the imports that are listed. */
export function layerTable(): string {
  const names = (line: readonly Room[]): string => line.map((one) => `\`${one.room}\``).join(', ');
  return [
    markdownTable(
      ['layer', 'rooms'],
      [['0', '`index.ts`'], ...layers.layers.map((line, i) => [String(i + 1), names(line)])],
    ),
    [
      'A room imports only from rooms below it. Rooms on one line never import each other, except:',
      ...layers.listed.map(({ from, to, why }) => `- \`${from}\` imports \`${to}\`: ${why}.`),
    ].join('\n'),
    [
      'Two rooms stand apart:',
      ...layers.apart.map(
        ({ room: name, imports, importedBy }) =>
          `- \`${name}\` imports ${imports.length === 0 ? 'nothing' : imports.map((one) => `\`${one}\``).join(', ')} and is imported by ${importedBy.map((one) => `\`${one}\``).join(', ')}.`,
      ),
    ].join('\n'),
    `${layers.anywhere.map((name) => `\`${name}\``).join(', ')} may be imported anywhere.`,
  ].join('\n\n');
}
