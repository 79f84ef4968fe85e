import { describe, expect, test } from 'vitest';
import { changelog, missingInChangelog } from '../../scripts/package/changelog.ts';
import { checkServerJson, serverJson } from '../../scripts/package/server-json.ts';

const BUNDLE = { url: 'https://example.org/v1.0.0/arkeo-mcp.mcpb', sha256: 'a'.repeat(64) };

describe('the entry of the MCP registry', () => {
  test('is valid with and without a bundle', () => {
    expect(checkServerJson(serverJson())).toEqual([]);
    expect(checkServerJson(serverJson(BUNDLE))).toEqual([]);
    expect(serverJson(BUNDLE).packages.map(({ registryType }) => registryType)).toEqual(['npm', 'mcpb']);
  });

  test.each([
    ['a name without an owner', { ...serverJson(), name: 'arkeo-mcp' }, '/name'],
    ['a long description', { ...serverJson(), description: 'x'.repeat(101) }, '/description'],
    ['a range of versions', { ...serverJson(), version: '^1.0.0' }, '/version'],
    ['a bundle without its checksum', serverJson({ ...BUNDLE, sha256: '' }), '/packages/1'],
  ])('is refused with %s', (_, entry, place) => {
    expect(checkServerJson(entry).join('\n')).toContain(place);
  });
});

describe('the changelog', () => {
  const text = [
    '# Changelog',
    '## Unreleased',
    '## [1.1.0] - 2026-12-01',
    '### Added',
    '- New.',
    '## 1.0.0',
    '- Old.',
    '',
  ].join('\r\n');

  test('is read on every system', () => {
    expect(changelog(text)).toEqual([
      { title: 'Unreleased', date: undefined, notes: '' },
      { title: '1.1.0', date: '2026-12-01', notes: '### Added\n- New.' },
      { title: '1.0.0', date: undefined, notes: '- Old.' },
    ]);
  });

  test('says whether a version can be released', () => {
    const missing = (version: string, log = text): string =>
      missingInChangelog(version, changelog(log)).join();
    expect(missing('1.1.0')).toBe('');
    expect(missing('1.0.0')).toContain('no date');
    expect(missing('1.2.0')).toContain('no section');
    expect(missing('1.1.0', text.replace('Unreleased', 'Unreleased\n- More.'))).toContain('Unreleased');
  });
});
