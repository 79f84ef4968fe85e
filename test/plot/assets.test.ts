import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const dist = (name: string): Promise<Buffer> => readFile(new URL(`../../dist/${name}`, import.meta.url));

it('the built program has fonts and renderer beside it', async () => {
  expect((await dist('resvg.wasm')).subarray(0, 4)).toEqual(Buffer.from('\0asm'));
  for (const font of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'])
    expect((await dist(font)).readUInt32BE(0)).toBe(0x00010000);
});

it('their licences are in the list, whole, with the place of the source where they ask for it', async () => {
  const list = (await dist('THIRD-PARTY-LICENSES.txt')).toString();
  expect(list).toMatch(
    /^@resvg\/resvg-wasm@[\d.]+ \(MPL-2\.0\)\n\nSource code: https:\/\/github\.com\/\S+\n\nMozilla Public License Version 2\.0/m,
  );
  expect(list).toMatch(/^dejavu-fonts-ttf@[\d.]+ [^]*Bitstream Vera Fonts Copyright/m);
});
