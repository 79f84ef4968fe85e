import { commands } from '../../instrument/commands/index.ts';
import { describeBoard, isLit, LED_CHANNELS, type LedBoard } from '../../instrument/commands/led.ts';
import type { ShutdownContext, Step } from './step.ts';

const ZEROS = LED_CHANNELS.map(() => 0);
const { LED } = commands;

/** Every board of ours, and what is lit besides where all is to go off; read back. */
export async function ledsToZero(
  step: Step,
  { client, ownership, scope, send }: ShutdownContext,
): Promise<void> {
  const ours = ownership.ledBoards;
  const off = (address: number | undefined): Promise<unknown> =>
    step.try(() =>
      client.call(
        LED.SetValues,
        address === undefined ? { values: ZEROS } : { address, values: ZEROS },
        send,
      ),
    );
  const read = () => step.read('LEDs', ours.length > 0, () => client.send(LED.GetStatus, {}, send));
  for (const address of ours) await off(address);

  let status = await read();
  if (status === undefined) return;
  const others = status.boards.filter((board) => isLit(board) && !ours.includes(board.address));
  if (scope === 'everything' && others.length > 0) {
    for (const { address } of others) await off(address);
    status = await read();
    if (status === undefined) return;
  }
  const asked = scope === 'everything' ? [...ours, ...others.map(({ address }) => address)] : ours;
  for (const address of asked) verify(step, address, status.boards);
  if (scope === 'ours' && others.length > 0) {
    step.note('left', `lit, not by this server: ${others.map(describeBoard).join('; ')}`);
  }
  if (asked.length === 0)
    step.note('nothing to do', status.connected ? 'all LEDs are off' : 'no LED controller is connected');
}

/** Off is what reads back as zero on a board that is there. */
function verify(step: Step, address: number | undefined, boards: readonly LedBoard[]): void {
  const board = boards.find((candidate) => candidate.address === address);
  const name = address === undefined ? 'the board' : `board ${address}`;
  if (board === undefined || !board.connected)
    step.note('FAILED', `${name} is not connected and cannot be read back`);
  else if (isLit(board)) step.note('FAILED', `still lit: ${describeBoard(board)}`);
  else step.note('done', `${name} reads back all zero`);
}
