/**
 * Prints the section of CHANGELOG.md about a version: `npm run release:notes`, or `npm run release:notes --
 * 1.2.3`.
 */
import { changelog } from './package/changelog.ts';
import { version } from './package/facts.ts';

const wanted = process.argv[2] ?? version;
const section = changelog().find(({ title }) => title === wanted);
if (section === undefined) {
  console.error(`CHANGELOG.md has no section ${wanted}`);
  process.exitCode = 1;
} else console.log(section.notes);
