import type { SendOptions } from '../../instrument/client.ts';
import { commands } from '../../instrument/commands/index.ts';
import { describeBoard, isLit, LED_CHANNELS, type LedBoard } from '../../instrument/commands/led.ts';
import type { Device, ShutdownContext, Step } from './step.ts';

const ZEROS = LED_CHANNELS.map(() => 0);
const { LED } = commands;

/** Every board of ours, and what is lit besides where all is to go off. */
export function leds({ client, ownership, scope }: ShutdownContext): Device {
  const ours = ownership.ledBoards;
  let boards: readonly LedBoard[] | undefined;
  let isConnected = false;
  let told: (number | undefined)[] = [];

  const off = (step: Step, address: number | undefined, send: SendOptions): Promise<unknown> =>
    step.try(() =>
      client.sendOff(
        LED.SetValues,
        address === undefined ? { values: ZEROS } : { address, values: ZEROS },
        send,
      ),
    );
  const look = async (step: Step, send: SendOptions): Promise<void> => {
    const status = await step.read('LEDs', ours.length > 0, () => client.send(LED.GetStatus, {}, send));
    boards = status?.boards;
    isConnected = status?.connected ?? false;
  };
  const others = (): LedBoard[] =>
    (boards ?? []).filter((board) => isLit(board) && !ours.includes(board.address));

  return {
    async off(step, { send }) {
      told = [...ours];
      for (const address of ours) await off(step, address, send);
      if (scope === 'ours') return;
      await look(step, send);
      const lit = others().map(({ address }) => address);
      for (const address of lit) await off(step, address, send);
      told.push(...lit);
    },
    async verify(step, { send }) {
      const hasLooked = scope === 'everything' && (boards === undefined || told.length === ours.length);
      if (!hasLooked) await look(step, send);
      if (boards === undefined) return;
      for (const address of told) verify(step, address, boards);
      const lit = others();
      if (scope === 'ours' && lit.length > 0) {
        step.note('left', `lit, not by this server: ${lit.map(describeBoard).join('; ')}`);
      }
      if (told.length === 0)
        step.note('nothing to do', isConnected ? 'all LEDs are off' : 'no LED controller is connected');
    },
  };
}

/** A board is off when it is there and reads back as zero. */
function verify(step: Step, address: number | undefined, boards: readonly LedBoard[]): void {
  const board = boards.find((candidate) => candidate.address === address);
  const name = address === undefined ? 'the board' : `board ${address}`;
  if (board === undefined || !board.connected)
    step.note('FAILED', `${name} is not connected and cannot be read back`);
  else if (isLit(board)) step.note('FAILED', `still lit: ${describeBoard(board)}`);
  else step.note('done', `${name} reads back all zero`);
}
