import { ipceCommands, isShutterOpen } from '../../instrument/routines/ipce-commands.ts';
import { quote } from '../../text/quote.ts';
import { sameRoutine } from '../../instrument/routine-name.ts';
import type { Device, ShutdownContext, Step } from './step.ts';

/** The monochromator's shutter, where we opened it. It moves, and so only goes when nothing measures. */
export function shutter({ client, ownership }: ShutdownContext): Device {
  const { shutter: ours } = ownership;
  let isTold = false;
  const close = async (step: Step, { send, openRoutine }: ShutdownContext): Promise<void> => {
    const open = await openRoutine();
    const routine = ours?.routine;
    if (routine !== undefined && open !== undefined && !sameRoutine(open ?? '', routine))
      return step.note(
        'FAILED',
        `it was opened in ${quote(routine)}, which is not open now: open that and close the shutter, or look at it`,
      );
    await client.sendOff(ipceCommands.SetShutter, { shutter_status: false }, send);
    isTold = true;
  };
  return {
    async off(step, context) {
      if (ours !== undefined) await step.try(() => close(step, context));
    },
    async verify(step, { send }) {
      if (!isTold) return;
      await step.try(async () => {
        const { shutter: word } = await client.send(ipceCommands.GetMonochromatorStatus, {}, send);
        const isOpen = isShutterOpen(word);
        if (isOpen === false) step.note('done', 'the shutter of the monochromator reads closed');
        else
          step.note(
            'FAILED',
            isOpen === true ? 'the shutter still reads open' : 'the shutter cannot be read back',
          );
      });
    },
  };
}
