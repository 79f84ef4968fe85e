import { describe, expect, it } from 'vitest';
import { configSchema, describeOptions, readOptions } from '../src/config.ts';

const read = (flags: Record<string, unknown>, environment: Record<string, string> = {}) =>
  readOptions(configSchema, flags, environment);

describe('options', () => {
  it('have defaults', () => {
    expect(read({})).toMatchObject({
      host: '127.0.0.1',
      port: 6360,
      tls: false,
      simulator: false,
      parameterKey: 'auto',
    });
  });

  it('come from flags before variables before defaults', () => {
    const environment = { ARKEO_HOST: 'lab-pc', ARKEO_PORT: '7000', ARKEO_SIMULATOR_SPEED: '10' };
    expect(read({ port: '7001' }, environment)).toMatchObject({
      host: 'lab-pc',
      port: 7001,
      simulatorSpeed: 10,
    });
  });

  it.each(['', '  ', '${user_config.host}'])(
    'count %j as unset, so that the next source decides',
    (unset) => {
      expect(read({ host: unset }, { ARKEO_HOST: 'lab-pc' }).host).toBe('lab-pc');
      expect(read({}, { ARKEO_HOST: unset, ARKEO_SIMULATOR: unset })).toMatchObject({
        host: '127.0.0.1',
        simulator: false,
      });
    },
  );

  it.each([
    ['true', true],
    ['1', true],
    ['yes', true],
    ['false', false],
    ['0', false],
  ])('read the word %s as a switch', (word, value) => {
    expect(read({}, { ARKEO_SIMULATOR: word }).simulator).toBe(value);
  });

  it.each([
    [{ ARKEO_PORT: '70000' }, /--port \(ARKEO_PORT\) cannot be "70000"/],
    [{ ARKEO_PORT: 'six' }, /--port/],
    [{ ARKEO_SIMULATOR: 'maybe' }, /--simulator \(ARKEO_SIMULATOR\)/],
    [{ ARKEO_PARAMETER_KEY: 'data' }, /"auto"\|"parameter"\|"params"/],
    [{ ARKEO_REQUEST_TIMEOUT: '0' }, /--request-timeout/],
  ])('refuse %j, naming flag and variable', (environment, message) => {
    expect(() => read({}, environment)).toThrow(message);
  });

  it('are all described', () => {
    for (const option of describeOptions(configSchema)) {
      expect(option.flag).toMatch(/^--[a-z]+(-[a-z]+)*$/);
      expect(option.variable).toMatch(/^ARKEO_[A-Z_]+$/);
      expect(option.description.length).toBeGreaterThan(10);
    }
  });
});
