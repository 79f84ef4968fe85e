import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { wireName } from '../../src/instrument/command.ts';
import { allCommands as all } from '../helpers/all-in-one.ts';

it('every command that is no read declares what it does, and every declared kind fits', () => {
  for (const command of all) {
    if (command.kind === 'read') expect(command.effects, wireName(command)).toBeUndefined();
    else expect(command.effects, wireName(command)).toBeDefined();
  }
});

it('only commands whose effect nothing depends on declare none', () => {
  const silent = all.filter(({ effects }) => effects?.({}).length === 0).map(wireName);
  expect(silent.toSorted()).toEqual([
    'ROUTINE.AcquireDark',
    'ROUTINE.AcquireReference',
    'ROUTINE.AcquireSingle',
    'ROUTINE.ClearErrors',
    'ROUTINE.SetWavelength',
  ]);
});

/** Files that may hold a command's name as text, and why. */
const NAMES_ALLOWED: Readonly<Record<string, string>> = {
  'safety/guard/guard.ts': 'its rules by command',
  'tools/measurement-failure.ts': 'names the command that an error is about',
  'recovery/complete.ts': 'asks the archive for the replies to GetRates',
};

it('no module outside of instrument/ knows a command by its name', () => {
  const names = new Set(
    all.flatMap((command) => {
      const { target, name, formerly } = command;
      const old =
        formerly === undefined ? [] : [formerly.name, `${formerly.target ?? target}.${formerly.name}`];
      return [name, wireName(command), ...old];
    }),
  );
  const src = path.resolve('src');
  const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !/^(instrument|simulator)\//.test(file))
    .filter((file) => {
      const literals = readFileSync(path.join(src, file), 'utf8')
        .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
        .matchAll(/(['"`])([\w.]+)\1/g);
      return [...literals].some(([, , text = '']) => names.has(text));
    });
  expect(found.toSorted()).toEqual(Object.keys(NAMES_ALLOWED).toSorted());
});
