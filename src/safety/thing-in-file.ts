import * as z from 'zod';
import { shown } from '../text/quote.ts';
import { LASER_FORMS } from '../instrument/laser-id.ts';
import type { Thing } from './thing.ts';

const address = z.int().min(0).max(255);
/** JSON has no undefined. */
const orNull = <T extends z.ZodType>(schema: T) => schema.nullable().transform((value) => value ?? undefined);
/** A routine's name as an instrument tells it. */
const routine = orNull(z.string().min(1).max(100));

/** Things as they stand in a file: names and numbers only. How each is switched off stands in the code alone. */
const thingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run') }),
  z.strictObject({ kind: z.literal('leds'), address: orNull(address) }),
  z.strictObject({
    kind: z.literal('laser'),
    routine,
    channel: orNull(address),
    port: orNull(address),
    form: z.enum(LASER_FORMS),
  }),
  z.strictObject({
    kind: z.literal('relays'),
    count: z.int().min(1).max(256),
    key: z.enum(['state', 'channels']),
  }),
  z.strictObject({
    kind: z.literal('heater'),
    id: orNull(z.strictObject({ address, channel: address })),
  }),
  z.strictObject({ kind: z.literal('shutter'), routine }),
]);

/** A thing as it is written to a file. */
export function writeThing(thing: Thing): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, value ?? null]));
}

/** A thing as it stands in a file; in words where it is none that is known here. */
export function readThing(written: unknown): Thing | string {
  return thingSchema.safeParse(written).data ?? shown(written);
}
