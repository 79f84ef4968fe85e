import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ListedTool } from '../host.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const NAMES = ['sdk-forward', 'sdk-zod', 'instrument'] as const;

export interface References {
  /** Programs for node, bundled like arkeo-mcp. */
  readonly program: Record<(typeof NAMES)[number], string>;
  remove: () => void;
}

/**
 * Bundles the reference programs.
 *
 * @param tools listed by the reference servers
 */
export async function bundleReferences(tools: readonly ListedTool[]): Promise<References> {
  const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-references-'));
  const list = path.join(folder, 'tools.json');
  writeFileSync(list, JSON.stringify(tools));
  await build({
    entryPoints: NAMES.map((name) => path.join(HERE, `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    alias: { '#tools': list },
    banner: {
      js: "import { createRequire as make } from 'node:module'; const require = make(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const program = (name: (typeof NAMES)[number]): string => path.join(folder, `${name}.mjs`);
  return {
    program: {
      'sdk-forward': program('sdk-forward'),
      'sdk-zod': program('sdk-zod'),
      instrument: program('instrument'),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
