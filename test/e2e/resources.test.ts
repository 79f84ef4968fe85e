import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routines } from '../../src/instrument/routines/index.ts';
import { GENERATIONS, type Host, startHost } from '../helpers/hosts.ts';

describe.each(GENERATIONS)('routine resources, %s', (generation) => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost([], generation);
  });
  afterAll(() => host.close());

  it('are listed, one for each routine', async () => {
    const expected = [
      'arkeo://routines',
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
