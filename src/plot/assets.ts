import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import assets from './assets.json' with { type: 'json' };

export type Asset = keyof typeof assets;

/**
 * Reads the bytes of a file beside the built program; when run from source, from the package that contains it.
 */
export async function readAsset(name: Asset): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(new URL(`./${name}`, import.meta.url)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return readFile(createRequire(import.meta.url).resolve(assets[name]));
    throw error;
  });
  return new Uint8Array(bytes);
}
