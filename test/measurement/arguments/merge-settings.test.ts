import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { jv } from '../../../src/instrument/routines/jv.ts';
import { documentedSettings } from '../../../src/measurement/arguments/documented.ts';
import { mergeSettings } from '../../../src/measurement/arguments/merge-settings.ts';

const undocumented = (): boolean => false;
const merge = (current: Record<string, unknown>, patch: Record<string, unknown>) =>
  mergeSettings(current, patch, undocumented);

function refusal(act: () => unknown): InputError {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error('it was not refused');
}

describe('mergeSettings', () => {
  it('changes what is named, at any depth, and leaves the rest', () => {
    const current = { light: { Source: 'None', inner: { a: 1, b: 2 } }, sweep: [1, 2, 3], x: 1 };
    expect(merge(current, { light: { inner: { b: 5 } }, sweep: [9] })).toEqual({
      light: { Source: 'None', inner: { a: 1, b: 5 } },
      sweep: [9],
      x: 1,
    });
    expect(current.light.inner.b).toBe(2);
  });

  it('is nothing new with what is there already', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (settings) => {
        expect(merge(settings, structuredClone(settings))).toEqual(settings);
      }),
    );
  });

  it('refuses a member that is not there by its path, and names the one that is near', () => {
    const error = refusal(() =>
      merge({ light: { 'Level (%)': 1, Source: 'None' } }, { light: { Level: 50 } }),
    );
    expect(error.message).toContain('light › Level is not among the settings');
    expect(error.message).toContain('Level (%), Source');
    expect(error.hint).toContain('Is "Level (%)" meant?');
    expect(error.outcome).toBe('not_sent');
    expect(refusal(() => merge({ Alpha: 1 }, { zzz: 1 })).hint).not.toContain('meant');
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'knows only members that the instrument has: %s',
    (name) => {
      const patch: Record<string, unknown> = JSON.parse(`{"${name}": {"x": 1}}`);
      expect(refusal(() => merge({ a: 1 }, patch)).message).toContain(name);
    },
  );

  it('takes anything where the settings are empty, as those of older software can be', () => {
    expect(merge({ configuration: {} }, { configuration: { Autorange: true } })).toEqual({
      configuration: { Autorange: true },
    });
    expect(merge({}, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  });

  it('takes what a documented form has, and only there', () => {
    const documented = documentedSettings(jv);
    const current = { light: { Source: 'None' } };
    expect(mergeSettings(current, { light_config: { 'LED Level': 0.5 } }, documented)).toEqual({
      light: { Source: 'None' },
      light_config: { 'LED Level': 0.5 },
    });
    expect(mergeSettings(current, { light: { 'Level (%)': 50 } }, documented)).toEqual({
      light: { Source: 'None', 'Level (%)': 50 },
    });
    refusal(() => mergeSettings(current, { 'LED Level': 0.5 }, documented));
    refusal(() => mergeSettings(current, { light: { 'LED Level': 0.5 } }, documented));
  });
});
