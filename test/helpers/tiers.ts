import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PRODUCT = path.join(ROOT, 'src');
const IMPORT = /(?:from|import\()\s*'(\.[^']+\.(?:ts|mjs))'/g;
/** Rooms whose tests leave nothing behind that works on: they share processes, which saves half of their time. */
const TIDY = [
  'archive',
  'conditions',
  'connection',
  'export',
  'figures',
  'files',
  'instrument',
  'mcp',
  'measurement',
  'plot',
  'prompts',
  'protocol',
  'recovery',
  'resources',
  'science',
  'simulator',
  'text',
];
/** Uses of other processes or of the built program. */
const HEAVY = /from 'node:child_process'|\.\.\/dist\//;

/**
 * Test files in tiers. A test of the tier `program` starts processes or reads the built program, by itself or through a
 * helper; all others are fast, and those of `tidy` may share a process. Paths are relative to the root of
 * the project, with `/`.
 */
export function tiers(): { tidy: string[]; fast: string[]; program: string[] } {
  const known = new Map<string, boolean>();
  const isHeavy = (file: string): boolean => {
    const answer = known.get(file);
    if (answer !== undefined) return answer;
    known.set(file, false);
    const text = readFileSync(file, 'utf8');
    const heavy =
      HEAVY.test(text) ||
      [...text.matchAll(IMPORT)].some(([, to = '']) => {
        const next = path.resolve(path.dirname(file), to);
        return !next.startsWith(PRODUCT) && isHeavy(next);
      });
    known.set(file, heavy);
    return heavy;
  };
  const files = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file.replaceAll(path.sep, '/')}`);
  const light = files.filter((file) => !isHeavy(path.join(ROOT, file)));
  const isTidy = (file: string): boolean => TIDY.includes(file.split('/')[1] ?? '');
  return {
    tidy: light.filter(isTidy),
    fast: light.filter((file) => !isTidy(file)),
    program: files.filter((file) => isHeavy(path.join(ROOT, file))),
  };
}
