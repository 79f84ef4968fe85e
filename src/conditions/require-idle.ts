import { InputError } from '../errors.ts';
import { commands } from '../instrument/commands/index.ts';
import { isMeasuring, isOpening, statusWord } from '../instrument/routine-status.ts';
import { saysNoRoutine } from '../safety/shutdown/step.ts';
import type { StageCall } from './stage-call.ts';

/**
 * Throws InputError while a measurement starts or runs, or a routine is being opened: what the sample sees must not
 * change under it. @param what the change, as in "relays are not switched"
 */
export async function requireIdle({ client, send }: StageCall, what: string): Promise<void> {
  const status = await client.send(commands.ROUTINE.GetTestStatus, {}, send).catch((error: unknown) => {
    if (saysNoRoutine(error)) return undefined;
    throw error;
  });
  if (status === undefined || !(isMeasuring(status) || isOpening(status))) return;
  throw new InputError(
    `${what} while ${isOpening(status) ? 'a routine is being opened (Initializing)' : `a measurement is ${statusWord(status)}`}`,
    {
      hint: 'Wait until routine_get_test_status says Ready, then call again. If it is your measurement: cancel_measurement, or routine_stop_measurement, ends it.',
    },
  );
}
