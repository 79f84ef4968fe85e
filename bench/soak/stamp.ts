import * as z from 'zod';

/** Statement of every reply about the request that it answers. */
export interface Stamp {
  /** Number of the request at the instrument, from 1: unique among the replies. */
  serial: number;
  /** `TARGET.Command` */
  of: string;
  /** Nonce of the call, if its arguments carried one. */
  nonce: number | null;
  /**
   * Filler that follows from the serial number, a few bytes to some thousand long: bytes of two replies cannot
   * mix unseen.
   */
  pad: string;
}

const schema = z.object({ serial: z.int(), of: z.string(), nonce: z.int().nullable(), pad: z.string() });
const stamped = z
  .union([z.looseObject({ stamp: schema }), z.tuple([z.looseObject({ stamp: schema })], z.unknown())])
  .transform((data) => (Array.isArray(data) ? data[0].stamp : data.stamp));

export function stampOf(serial: number, of: string, nonce: number | undefined): Stamp {
  return { serial, of, nonce: nonce ?? null, pad: padOf(serial) };
}

export function padOf(serial: number): string {
  return `${serial}.`.repeat(serial % 50 === 0 ? 400 : serial % 20);
}

/** Reads the stamp from the data of an answer, as the tool passed it on. */
export function readStamp(data: unknown): Stamp | undefined {
  return stamped.safeParse(data).data;
}

/** Writes the stamp into the text of a refusal, which has no data. */
export function writeInText({ serial, of, nonce }: Stamp): string {
  return `not now (request ${serial}, ${of}, nonce ${nonce ?? 'none'})`;
}

export function readFromText(text: string): Stamp | undefined {
  const [, serial, of, nonce] = /request (\d+), ([\w.]+), nonce (\d+|none)/.exec(text) ?? [];
  if (serial === undefined || of === undefined) return undefined;
  return stampOf(Number(serial), of, nonce === 'none' ? undefined : Number(nonce));
}
