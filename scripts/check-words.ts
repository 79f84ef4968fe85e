/**
 * Refuses comments in `src` that do not begin with their subject or a verb: a first word such as What or Where makes the
 * reader hold a clause open until its end. The rule is among those of style in CONTRIBUTING.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const REFUSED = ['What', 'Where', 'Who', 'Of', 'As', 'That', 'Whatever', 'Whoever', 'Which'];
/** Files whose comments are still to be reworded. A file leaves the list with its last such comment; none is added. */
const NOT_YET: ReadonlySet<string> = new Set([
  'src/cli/program-end.ts',
  'src/cli/start-guard.ts',
  'src/cli/switch-off-guard.ts',
  'src/connection/exchange.ts',
  'src/safety/safe-shutdown.ts',
  'src/safety/server-records.ts',
  'src/safety/switch-off-guard/guard-process.ts',
  'src/safety/switch-off-guard/lines.ts',
  'src/safety/switch-off-guard/messages.ts',
]);

/** A comment with its first word. Several `//` lines in a row are one comment; a doc comment may begin on its second line. */
const FIRST_WORD = new RegExp(
  String.raw`(?<!\S)(?:(?<!^[ \t]*//.*\r?\n[ \t]*)//+|/\*+(?:[ \t]*\r?\n[ \t]*\*)?)[ \t]*(${REFUSED.join('|')})(?![\w-])`,
  'gm',
);

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly word: string;
}

function findings(file: string): Finding[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(FIRST_WORD)].map(({ 0: comment, 1: word = '', index }) => ({
    file,
    line: text.slice(0, index + comment.length).split('\n').length,
    word,
  }));
}

const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file.replaceAll(path.sep, '/')}`)
  .toSorted();
const found = files.flatMap(findings);
for (const { file, line, word } of found) {
  if (NOT_YET.has(file)) continue;
  console.error(`${file}:${line}: the comment begins with "${word}": begin it with its subject or a verb`);
  process.exitCode = 1;
}
for (const file of NOT_YET)
  if (!found.some((finding) => finding.file === file))
    console.log(`${file} needs no exception any more: take it off the list in scripts/check-words.ts`);
console.log(`the first words of the comments in ${files.length} files read`);
