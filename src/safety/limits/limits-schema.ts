import * as z from 'zod';
import { parameters } from '../../instrument/command.ts';
import type { Product } from '../../instrument/product.ts';
import { permissionFields, someValues, tightening, valueFields } from './limit-values.ts';

/** Values by routine, which may go by any of its names in the product. */
function byRoutine({ routines, findRoutine }: Product) {
  const known = routines.map(({ name }) => name).join(', ');
  return z
    .record(z.string(), someValues)
    .superRefine((given, context) => {
      const named = new Set<string>();
      for (const key of Object.keys(given)) {
        const routine = findRoutine(key)?.name;
        if (routine === undefined) {
          context.addIssue({ code: 'custom', path: [key], message: `no such routine; known: ${known}` });
        } else if (named.has(routine)) {
          context.addIssue({
            code: 'custom',
            path: [key],
            message: `${routine} is named twice; give it once`,
          });
        } else {
          named.add(routine);
        }
      }
    })
    .optional()
    .describe('Values that apply to one routine in place of those of the profile.');
}

const PROFILE_NAME = /^[a-z][a-z0-9_]{0,49}$/;

/** A limits file. Unknown members are refused by name. */
export function limitsFile(product: Product) {
  return parameters({
    $schema: z.string().optional().describe('For editors: where this schema is.'),
    profiles: z
      .record(z.string(), parameters({ ...valueFields, ...permissionFields, by_routine: byRoutine(product) }))
      .superRefine((given, context) => {
        for (const name of Object.keys(given).filter((key) => !PROFILE_NAME.test(key))) {
          const message = 'a profile is named in small letters, digits and _, such as single_junction';
          context.addIssue({ code: 'custom', path: [name], message });
        }
      })
      .optional()
      .describe(
        'Profiles by name. single_junction, tandem and module exist, and what is not given stays; a further one is like single_junction but for what it gives. A value given here also applies to the routines for which by_routine gives none.',
      ),
    devices: z
      .array(
        parameters({
          pattern: z
            .string()
            .trim()
            .min(1)
            .max(100)
            .describe('Of the device name; * stands for any characters, ? for one, in any case.'),
          limits: tightening,
        }),
      )
      .max(1000)
      .optional()
      .describe('Tighter limits for devices by their name. They never allow more than the profile.'),
  });
}
export type LimitsFile = z.output<ReturnType<typeof limitsFile>>;

/** The JSON schema of a limits file. */
export function limitsJsonSchema(product: Product): object {
  return { title: 'Limits of arkeo-mcp', ...z.toJSONSchema(limitsFile(product), { io: 'input' }) };
}
