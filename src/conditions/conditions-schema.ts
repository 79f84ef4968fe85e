import * as z from 'zod';

const nullableNumber = z.number().nullable();

/** Light, temperature and relays around a measurement. Null is unknown, or not connected. */
export const conditionsSchema = z.looseObject({
  /** LED levels 0 to 1 as read back, per board. Null without LED boards. */
  leds: z
    .array(z.looseObject({ address: nullableNumber, values: z.array(nullableNumber) }))
    .nullable()
    .default(null),
  /** °C per controller as read: stage, target and heat sink. */
  temperatures: z
    .array(
      z.looseObject({
        address: z.number(),
        channel: z.number(),
        stage_c: nullableNumber,
        target_c: nullableNumber,
        sink_c: nullableNumber,
        active: z.boolean().nullable(),
      }),
    )
    .nullable()
    .default(null),
  /** Relays as read, first is relay 1; true is closed. */
  relays: z.array(z.boolean()).nullable().default(null),
});
export type Conditions = z.output<typeof conditionsSchema>;
