import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idPath, isId, makeId } from '../../src/archive/ids.ts';

function id(deviceName: string | null, routine = 'JV', simulated = false): string {
  return makeId({
    startedAt: new Date('2026-11-22T21:14:05.999Z'),
    routine,
    deviceName,
    simulated,
    suffix: '3f9c',
  });
}

it.each<[string | null, string]>([
  ['Cell A', 'JV_Cell-A'],
  ['Größe 3×4/µ', 'JV_Größe-3-4-µ'],
  ['A\u0308rger', 'JV_Ärger'],
  ['太陽電池 1', 'JV_太陽電池-1'],
  ['..\\..\\secret', 'JV_secret'],
  ['x. ', 'JV_x'],
  ['a'.repeat(80), `JV_${'a'.repeat(24)}`],
  ['🙂', 'JV'],
  ['', 'JV'],
  [null, 'JV'],
])('names the device %j', (device, expected) => {
  expect(id(device)).toBe(`2026-11-22_21.14.05Z_${expected}_3f9c`);
});

it('has a name where nothing has one', () => {
  expect(id(null, '?', true)).toBe('2026-11-22_21.14.05Z_measurement_3f9c_SIMULATED');
});

it('is the name of a folder on any system, whatever the device is called', () => {
  const names = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
  );
  fc.assert(
    fc.property(names, names, fc.boolean(), (device, routine, simulated) => {
      const made = id(device, routine, simulated);
      expect(isId(made)).toBe(true);
      expect(made).not.toMatch(/[<>:"/\\|?*\p{Cc}\s]|[. ]$/u);
      expect(Buffer.byteLength(made)).toBeLessThanOrEqual(240);
      expect(made.length).toBeLessThanOrEqual(130);
      expect(made.normalize('NFC')).toBe(made);
      expect(path.relative(idPath(made), '.').split(path.sep)).toEqual(['..', '..', '..']);
    }),
  );
});
