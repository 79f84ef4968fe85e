import * as z from 'zod';
import { readThing } from '../thing-in-file.ts';
import type { Thing } from '../thing.ts';

const things = z
  .array(z.unknown())
  .transform((all) => all.map(readThing).filter((one): one is Thing => typeof one !== 'string'));

/** Facts that a guard process needs before anything is on. They go over a pipe: none of them is on a command line. */
const beginSchema = z.strictObject({
  type: z.literal('begin'),
  instrument: z.strictObject({
    host: z.string(),
    port: z.number(),
    tls: z.strictObject({ ca: z.string().optional() }).optional(),
  }),
  /** The instrument's address as people are told. */
  address: z.string(),
  connectTimeoutMs: z.number(),
  maxReplyBytes: z.number(),
  requestTimeoutMs: z.number(),
  /** Folder of the records and of the log; absolute. */
  folder: z.string(),
  /** Name of the server's record, without its ending. */
  server: z.string(),
  host: z.string(),
  pid: z.number(),
});
export type Begin = z.output<typeof beginSchema>;

/** State of all that is on now. */
const stateSchema = z.strictObject({
  type: z.literal('state'),
  on: things,
  unverified: things,
  /** The measurement that is on was seen to run: one that says Ready now has ended. */
  runSeen: z.boolean(),
  /** The window that the server opened; null without one. */
  window: z.string().nullable(),
  /** The window holds no data that is not in the archive. */
  mayClose: z.boolean(),
  /** All of it is to be left as it is when the server ends. */
  leave: z.boolean(),
  parameterKey: z.enum(['parameter', 'params']),
  /** The IP address where the instrument was last; null before the first connection. */
  lastAddress: z.string().nullable(),
});
export type State = z.output<typeof stateSchema>;
/** The same as it is sent. */
export type SentState = z.input<typeof stateSchema>;

/** Reads the lines that a guard process was told last before its server was gone. Throws on anything else. */
export function readTold({ begin, state }: { begin: string; state: string }): { begin: Begin; state: State } {
  return { begin: beginSchema.parse(JSON.parse(begin)), state: stateSchema.parse(JSON.parse(state)) };
}
