import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BEGIN, END, STATE } from '../../../src/safety/switch-off-guard/lines.ts';
import { type Told, watchPipe } from '../../../src/safety/switch-off-guard/watch-pipe.ts';

const begin = `${BEGIN},"folder":"C:\\\\Müller µ 測定"}`;
const state = (n: number): string => `${STATE},"n":${n},"window":"Größe"}`;

/** What is heard of these bytes, which come in chunks that are cut anywhere. */
function heard(bytes: Buffer, cuts: readonly number[]): Promise<Told | undefined> {
  const pipe = new PassThrough();
  const told = watchPipe(pipe);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [i, place] of places.slice(1).entries()) pipe.write(bytes.subarray(places[i], place));
  pipe.end();
  return told;
}

const cuts = fc.array(fc.nat(), { maxLength: 8 });
const count = fc.nat({ max: 5 });

it('is told the last whole state by a server that is gone, however the bytes come', () =>
  fc.assert(
    fc.asyncProperty(count, fc.double({ min: 0, max: 1, noNaN: true }), cuts, async (states, part, at) => {
      const whole = [begin, ...Array.from({ length: states }, (_, n) => state(n))].map((line) => `${line}\n`);
      const cutOff = Buffer.from(`${state(99)}\n`);
      const rest = cutOff.subarray(0, Math.floor(part * (cutOff.length - 1)));
      const expected = states === 0 ? undefined : { begin, state: state(states - 1) };
      expect(await heard(Buffer.concat([Buffer.from(whole.join('')), rest]), at)).toEqual(expected);
    }),
  ));

it('is told nothing by a server that ends in order', () =>
  fc.assert(
    fc.asyncProperty(count, cuts, async (states, at) => {
      const lines = [begin, ...Array.from({ length: states }, (_, n) => state(n)), END];
      expect(await heard(Buffer.from(`${lines.join('\n')}\n`), at)).toBeUndefined();
    }),
  ));
