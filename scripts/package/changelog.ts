import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './stage.ts';

export interface Section {
  /** A version, or `Unreleased`. */
  title: string;
  /** Undefined without a date. */
  date: string | undefined;
  notes: string;
}

/** The sections of CHANGELOG.md, newest first: `## [1.2.3] - 2026-01-31`, brackets and date optional. */
export function changelog(text = readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8')): Section[] {
  const [, ...sections] = text.replaceAll('\r\n', '\n').split(/^## /m);
  return sections.map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    const [, title, date] = /^\[?([^\]\s]+)\]?(?: - (\d{4}-\d\d-\d\d))?\s*$/.exec(heading) ?? [];
    if (title === undefined)
      throw new Error(`CHANGELOG.md: "## ${heading}" is neither a version nor Unreleased`);
    return { title, date, notes: lines.join('\n').trim() };
  });
}

/** Reasons why the version cannot be released with this changelog. */
export function missingInChangelog(version: string, sections = changelog()): string[] {
  const section = sections.find(({ title }) => title === version);
  if (section === undefined) return [`CHANGELOG.md has no section "## [${version}] - <date>"`];
  return [
    ...(section.date === undefined ? [`CHANGELOG.md: ${version} has no date`] : []),
    ...(section.notes === '' ? [`CHANGELOG.md says nothing of ${version}`] : []),
    ...(sections.some(({ title, notes }) => title === 'Unreleased' && notes !== '')
      ? ['CHANGELOG.md still has notes under Unreleased: move them to the version']
      : []),
  ];
}
