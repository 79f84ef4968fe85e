import { InputError } from '../errors.ts';
import { closest } from '../text/closest.ts';
import { parameters } from '../instrument/command.ts';
import { plainText } from '../text/plain-text.ts';
import { describeRoutine } from '../instrument/routines/describe.ts';
import type { Product } from '../instrument/product.ts';
import { defineProseTool, type Tool } from './define-tool.ts';

/** Tells what `arkeo://routines/{name}` says, for models whose host shows them no resources. */
export function describeRoutineTool({ routines, findRoutine }: Product): Tool {
  const names = routines.map(({ name }) => name);
  return defineProseTool({
    name: 'describe_routine',
    title: 'Describe a routine',
    description:
      'What a routine measures, its settings with units, results, duration, pitfalls. Asks no instrument.',
    kind: 'read',
    toolset: 'workflow',
    input: parameters({ routine: plainText(100).describe('E.g. JV.') }),
    run({ routine: asked }, { connection }) {
      const routine = findRoutine(asked);
      if (routine === undefined) {
        const like = closest(asked, names);
        throw new InputError(`there is no description of a routine ${JSON.stringify(asked)}`, {
          hint: `${like === undefined ? '' : `Is ${like} meant? `}Described are ${names.join(', ')}. Others: routine_get_settings, with the routine open.`,
        });
      }
      const { simulator } = connection.status();
      return Promise.resolve({
        text: describeRoutine(routine),
        simulated: simulator === undefined ? null : simulator !== null,
      });
    },
  });
}
