/**
 * Refuses comments in `src` that do not begin with their subject or a verb: a first word such as What or Where makes the
 * reader hold a clause open until its end. The rule is among those of style in CONTRIBUTING.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const REFUSED = ['What', 'Where', 'Who', 'Of', 'As', 'That', 'Whatever', 'Whoever', 'Which'];

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
for (const { file, line, word } of files.flatMap(findings)) {
  console.error(`${file}:${line}: the comment begins with "${word}": begin it with its subject or a verb`);
  process.exitCode = 1;
}
console.log(`the first words of the comments in ${files.length} files read`);
