import * as z from 'zod';
import { InstrumentError } from '../../errors.ts';
import { acknowledgement, defineCommand, parameters } from '../command.ts';
import { quote } from '../../text/quote.ts';
import { matchRoutine } from '../routine-name.ts';
import { plainText } from '../../text/plain-text.ts';

const GetAvailableRoutines = defineCommand({
  target: 'MAIN',
  name: 'GetAvailableRoutines',
  title: 'List routines',
  description: 'Lists the routines (measurement programs) of this ARKEO by name.',
  kind: 'read',
  parameter: parameters({}),
  result: z.looseObject({ routines: z.array(z.string()) }),
  summary: ({ routines }) => `Routines: ${routines.map(quote).join(', ')}.`,
});

const GetActiveRoutine = defineCommand({
  target: 'MAIN',
  name: 'GetActiveRoutine',
  title: 'Active routine',
  description: 'Tells which routine window is open, whoever opened it.',
  kind: 'read',
  parameter: parameters({}),
  result: z
    .looseObject({ routine: z.string().nullish() })
    .transform(({ routine }) => ({ routine: routine?.trim() ? routine : null })),
  shows: ({ routine }) => [{ type: 'window', routine }],
  summary: ({ routine }) =>
    routine === null ? 'No routine is open.' : `The routine ${quote(routine)} is open.`,
});

const StartRoutine = defineCommand({
  target: 'MAIN',
  name: 'StartRoutine',
  takesOver: true,
  title: 'Open a routine',
  description:
    'Opens a routine window and measures nothing; then poll routine_get_test_status until Ready. One at a time: close the open one first, if it is yours.',
  kind: 'configure',
  parameter: parameters({
    routine: plainText(100).trim().describe('As listed, e.g. JV.'),
  }),
  result: acknowledgement,
  timeoutMs: 30_000,
  effects: ({ routine, routine_name: older }) => {
    const named = routine ?? older;
    return [{ type: 'opens_window', routine: typeof named === 'string' ? named : undefined }];
  },
  // The list on some systems is shorter than what they can open: an unlisted name is sent as it is.
  async prepare({ routine }, { read }) {
    try {
      const { routines } = await read(GetAvailableRoutines);
      return { routine: matchRoutine(routine, routines) ?? routine };
    } catch (error) {
      if (error instanceof InstrumentError) return { routine };
      throw error;
    }
  },
  summary: (_, { routine }) => `${quote(routine)} is opening. Wait for Ready: routine_get_test_status.`,
});

export const mainCommands = { GetAvailableRoutines, GetActiveRoutine, StartRoutine };
