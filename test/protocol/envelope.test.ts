import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeReply, EnvelopeError, encodeRequest } from '../../src/protocol/envelope.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/wire/${name}`, import.meta.url));
const reply = (value: unknown) => decodeReply(Buffer.from(JSON.stringify(value)));

interface Expected {
  ok: boolean;
  code?: number;
  encoding?: string;
  repairs?: string[];
  requestId?: number;
}

describe('documented replies', () => {
  const expected = JSON.parse(fixture('envelope-expect.json').toString()) as Record<string, Expected>;
  it.each(Object.entries(expected))('%s', (name, want) => {
    const got = decodeReply(fixture(name));
    expect(got).toMatchObject({ encoding: 'utf-8', repairs: [], ...want });
    if (!got.ok) expect(got.message).not.toBe('');
  });
});

describe('reply envelope', () => {
  it.each(['OK', 'ok', 'Ok'])('status %s is success (row 3)', (status) => {
    expect(reply({ status, data: { x: 1 } })).toMatchObject({ ok: true, data: { x: 1 } });
  });

  it.each([
    [{ status: 'ERROR', error: { code: '4006', message: 'm' } }, 4006],
    [{ status: 'error', error: 'error 4006: no active routine' }, 4006],
    [{ state: 'Error', error: { code: 1001, message: 'm' } }, 1001],
    [{ status: 'OK', error: { code: 101, message: 'm' } }, 101],
    [{ status: 'error', error: 7 }, 7],
    [{ status: 'error' }, undefined],
  ])('%j is an error (rows 5, 6)', (value, code) => {
    expect(reply(value)).toMatchObject({ ok: false, code });
  });

  it.each([[{ status: 'ok', error: null }], [{ status: 'ok', data: { error: { code: 1 } } }], [{ data: 0 }]])(
    '%j is a success',
    (value) => {
      expect(reply(value).ok).toBe(true);
    },
  );

  it.each([[[]], ['Not a valid command'], [null], [42], [{}], [{ request_id: 3 }]])(
    '%j is no reply',
    (value) => {
      expect(() => reply(value)).toThrow(EnvelopeError);
    },
  );

  it('says when a simulator answered', () => {
    expect(reply({ status: 'OK', simulator: 'arkeo-mcp 0.1.0' }).simulator).toBe('arkeo-mcp 0.1.0');
    expect(reply({ status: 'OK' }).simulator).toBeUndefined();
  });
});

describe('request envelope', () => {
  it('carries any parameter as ASCII, always present (rows 2, 10)', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ stringUnit: 'binary' })),
        fc.nat(),
        (parameter, id) => {
          const bytes = encodeRequest({ target: 'ROUTINE', command: 'ApplySettings', parameter }, id);
          expect(bytes.every((byte) => byte < 0x80)).toBe(true);
          expect(JSON.parse(bytes.toString())).toEqual(
            JSON.parse(
              JSON.stringify({ target: 'ROUTINE', command: 'ApplySettings', parameter, request_id: id }),
            ),
          );
        },
      ),
    );
  });

  it('uses the oldest name of the parameter on demand', () => {
    const bytes = encodeRequest(
      { target: 'MAIN', command: 'StartRoutine', parameter: { routine: 'JV' } },
      1,
      'params',
    );
    expect(JSON.parse(bytes.toString())).toEqual({
      target: 'MAIN',
      command: 'StartRoutine',
      params: { routine: 'JV' },
      request_id: 1,
    });
  });
});
