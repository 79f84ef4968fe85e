/**
 * Follows every link of the documentation within the repository, to files and to headings, and fails on broken
 * ones. Links to other sites are not followed: the check needs no network.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SKIPPED = new Set(['node_modules', 'dist', 'test']);
const LINK = /!?\[[^\]]*\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\)/g;

function* documents(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name) || (entry.name.startsWith('.') && entry.name !== '.github')) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* documents(file);
    else if (entry.name.endsWith('.md')) yield file;
  }
}

/** Removes code: text in it that looks like a link or a heading is none. */
function prose(file: string): string {
  return readFileSync(file, 'utf8')
    .replaceAll('\r\n', '\n')
    .replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '');
}

/** Anchors of the headings of a document, as GitHub makes them. */
function anchors(file: string): Set<string> {
  const found = new Set<string>();
  for (const [, heading = ''] of prose(file).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; found.has(anchor); n++) anchor = `${slug}-${n}`;
    found.add(anchor);
  }
  return found;
}

function problem(file: string, target: string): string | undefined {
  if (/^[a-z]+:/i.test(target)) return undefined;
  const [where = '', anchor] = target.split('#');
  const place = where === '' ? file : path.resolve(path.dirname(file), decodeURIComponent(where));
  if (!place.startsWith(root)) return 'leads out of the repository';
  if (!existsSync(place)) return 'is not there';
  if (anchor === undefined || statSync(place).isDirectory() || !place.endsWith('.md')) return undefined;
  return anchors(place).has(decodeURIComponent(anchor)) ? undefined : 'has no such heading';
}

let links = 0;
for (const file of documents(root)) {
  for (const [, target = ''] of prose(file)
    .replaceAll(/`[^`\n]*`/g, '')
    .matchAll(LINK)) {
    links += 1;
    const why = problem(file, target);
    if (why === undefined) continue;
    console.error(`${path.relative(root, file)}: ${target} ${why}`);
    process.exitCode = 1;
  }
}
console.log(`${links} links followed`);
