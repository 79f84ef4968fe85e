import { decodeReply } from '../../src/protocol/envelope.ts';
import { encodeFrame, FrameDecoder } from '../../src/protocol/frame-codec.ts';
import { interleave, median, ratios, timed } from '../measure.ts';
import { ms } from '../table.ts';
import { replyOf } from './reply.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 11;
const MIB = 1024 * 1024;
const PIECE = 1024;
const WHOLE = 32 * MIB;

/**
 * Replies of 4, 8 and 16 MiB in pieces of 1 KiB, from the first piece to the value, compared with the same reply in one
 * piece: the cost of the pieces must be linear in the length. Replies of different lengths are not compared with each
 * other, since parsing takes longer per MiB for a longer reply.
 */
export const pieces: Measurement = async () => {
  const arriving = (mib: number, piece: number): (() => Promise<number>) => {
    const frame = encodeFrame(replyOf(mib * MIB, () => false));
    return async () => {
      globalThis.gc?.();
      const elapsed = await timed(() => {
        const decoder = new FrameDecoder();
        const payloads: Buffer[] = [];
        for (let at = 0; at < frame.length; at += piece)
          payloads.push(...decoder.push(frame.subarray(at, at + piece)));
        for (const payload of payloads) decodeReply(payload);
      });
      return elapsed / mib;
    };
  };
  const rounds = await interleave(ROUNDS, {
    four: arriving(4, PIECE),
    eight: arriving(8, PIECE),
    sixteen: arriving(16, PIECE),
    wholeFour: arriving(4, WHOLE),
    wholeEight: arriving(8, WHOLE),
    wholeSixteen: arriving(16, WHOLE),
  });
  type Name = keyof (typeof rounds)[number];
  const inPieces = (mib: number, name: Name, reference: Name) => ({
    what: `${mib} MiB in 1 KiB pieces / in one, per MiB`,
    ours: ms(median(rounds.map((round) => round[name]))),
    reference: ms(median(rounds.map((round) => round[reference]))),
    figure: ratios(
      rounds,
      (round) => round[name],
      (round) => round[reference],
    ),
    unit: '×' as const,
    // A linear cost gives the same ratio for all lengths; copying with each piece would give hundreds.
    budget: 1.4,
  });
  return [
    inPieces(4, 'four', 'wholeFour'),
    inPieces(8, 'eight', 'wholeEight'),
    inPieces(16, 'sixteen', 'wholeSixteen'),
  ];
};
