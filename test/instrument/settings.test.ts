import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecord } from '../../src/text/is-record.ts';
import { findPath, readPath, type Settings, writePath } from '../../src/instrument/settings.ts';

const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
  tree: fc.dictionary(
    fc.string({ maxLength: 6 }),
    fc.oneof({ depthSize: 'small' }, fc.integer(), tie('tree')),
    {
      maxKeys: 4,
    },
  ),
}));

/** Every path in a tree, each name written as it is. */
function pathsOf(settings: Settings): string[][] {
  return Object.entries(settings).flatMap(([key, inner]) => [
    [key],
    ...(isRecord(inner) ? pathsOf(inner).map((below) => [key, ...below]) : []),
  ]);
}

describe('findPath', () => {
  it.each([
    [
      ['light', 'level (%)'],
      ['Light', 'Level (%)'],
    ],
    [
      ['LIGHT', 'Level(%)'],
      ['Light', 'Level (%)'],
    ],
    [
      ['light_', 'l e v e l_(%)'],
      ['Light', 'Level (%)'],
    ],
    [
      ['*', 'Level (%)'],
      ['Light', 'Level (%)'],
    ],
    [
      ['*', 'deepest'],
      ['Light', 'more', 'Deepest'],
    ],
    [
      ['*', 'MORE', 'deepest'],
      ['Light', 'more', 'Deepest'],
    ],
    [['*', 'Source'], ['Source']],
    [[], []],
  ])('finds %j as the settings spell it: %j', (wanted, spelled) => {
    const settings = { Light: { 'Level (%)': 1, Source: 'inner', more: { Deepest: 2 } }, Source: 'outer' };
    expect(findPath(settings, wanted)).toEqual(spelled);
  });

  it.each([[['light']], [['*', 'light']], [['Level (%)', 'x']], [['list', '0']], [['*', '0']]])(
    'finds nothing at %j',
    (wanted) => {
      expect(findPath({ 'Level (%)': 1, list: [1, 2] }, wanted)).toBeUndefined();
    },
  );

  it('does not find what objects have without being given it', () => {
    expect(findPath({}, ['constructor'])).toBeUndefined();
    expect(findPath({ a: {} }, ['*', 'toString'])).toBeUndefined();
  });
});

describe('writePath', () => {
  it('is read back where it was written, and changes nothing else', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.jsonValue(), (settings, pick, value) => {
        const paths = pathsOf(settings);
        const path = paths[pick % Math.max(1, paths.length)];
        fc.pre(path !== undefined);
        const before = structuredClone(settings);
        const written = writePath(settings, path, value);
        expect(readPath(written, path)).toEqual(value);
        expect(settings).toEqual(before);
        for (const other of paths) {
          const apart = other.some((name, i) => i < path.length && name !== path[i]);
          if (apart) expect(readPath(written, other)).toEqual(readPath(settings, other));
        }
        expect(writePath(written, path, readPath(settings, path))).toEqual(settings);
      }),
    );
  });
});
