import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GENERATIONS, type Host, startHost } from '../helpers/hosts.ts';
import { routines } from '../helpers/all-in-one.ts';

describe.each(GENERATIONS)('routine resources, %s', (generation) => {
  let host: Host;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'arkeo-mcp-resources-'));
    host = await startHost(['--data-dir', folder], generation);
  });
  afterAll(async () => {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are listed, one for each routine', async () => {
    const expected = [
      'arkeo://routines',
      'arkeo://measurements',
      'arkeo://status',
      ...routines.map(({ name }) => `arkeo://routines/${encodeURIComponent(name)}`),
    ];
    expect((await host.listResources()).sort()).toEqual(expected.sort());
  });

  it('are read by any spelling of the name, and say what a routine needs', async () => {
    expect(await host.readResource('arkeo://routines')).toContain('main_get_available_routines');
    const text = await host.readResource('arkeo://routines/dark%20jv');
    for (const part of [
      '# Dark JV',
      '## Settings',
      '| setting | unit |',
      '## Result',
      '## What goes wrong',
    ]) {
      expect(text).toContain(part);
    }
    await expect(host.readResource('arkeo://routines/sphygmomanometer')).rejects.toThrow(/not found/i);
  });

  it('complete the name', async () => {
    expect(await host.completeResource('arkeo://routines/{name}', 'name', 'im')).toEqual(['Impedance']);
  });
});
