import { decodeReply } from '../../src/protocol/envelope.ts';
import { encodeFrame, FrameDecoder } from '../../src/protocol/frame-codec.ts';
import { interleave, median, ratios, timed } from '../measure.ts';
import { ms } from '../table.ts';
import { replyOf } from './reply.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 11;
const MIB = 1024 * 1024;
const PIECE = 1024;

/** Replies of 4, 8 and 16 MiB in pieces of 1 KiB, from the first piece to the value: time per MiB. */
export const pieces: Measurement = async () => {
  const arriving = (mib: number): (() => Promise<number>) => {
    const frame = encodeFrame(replyOf(mib * MIB, () => false));
    return async () => {
      globalThis.gc?.();
      const elapsed = await timed(() => {
        const decoder = new FrameDecoder();
        const payloads: Buffer[] = [];
        for (let at = 0; at < frame.length; at += PIECE)
          payloads.push(...decoder.push(frame.subarray(at, at + PIECE)));
        for (const payload of payloads) decodeReply(payload);
      });
      return elapsed / mib;
    };
  };
  const rounds = await interleave(ROUNDS, { four: arriving(4), eight: arriving(8), sixteen: arriving(16) });
  const line = (mib: number, name: 'eight' | 'sixteen') => ({
    what: `${mib} MiB in 1 KiB pieces / 4 MiB, per MiB`,
    ours: ms(median(rounds.map((round) => round[name]))),
    reference: ms(median(rounds.map(({ four }) => four))),
    figure: ratios(
      rounds,
      (round) => round[name],
      ({ four }) => four,
    ),
    unit: '×' as const,
    // Linear is 1; quadratic would be 2 and 4.
    budget: 1.4,
  });
  return [line(8, 'eight'), line(16, 'sixteen')];
};
