import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Names of the files in dist/ that belong to the present build; files of earlier builds may lie beside them.
 */
export function builtFiles(): string[] {
  const stamp: unknown = JSON.parse(readFileSync(path.join(ROOT, 'dist/.build.json'), 'utf8'));
  return z.looseObject({ files: z.array(z.string()) }).parse(stamp).files;
}

/** Copies the built program to `folder`/dist. */
export function copyProgram(folder: string): void {
  mkdirSync(path.join(folder, 'dist'), { recursive: true });
  for (const file of builtFiles()) copyFile(path.join('dist', file), folder);
}

/** Copies a file of the project to the same place in `folder`. */
export function copyFile(file: string, folder: string): void {
  cpSync(path.join(ROOT, file), path.join(folder, file));
}

export function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
