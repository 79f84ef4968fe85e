import { InputError, InstrumentError } from '../errors.ts';
import { commands } from '../instrument/commands/index.ts';
import { describeBoard, isLit, LED_CHANNELS, type LedBoard } from '../instrument/commands/led.ts';
import { requireIdle } from './require-idle.ts';
import { withConsequence, pastOthers, readUntil, type StageCall } from './stage-call.ts';

const { LED } = commands;
const READ_BACK_MS = 500;
/** A level that reads back this close is the same, to the resolution of the board. */
const SAME_LEVEL = 0.005;
const ZEROS = LED_CHANNELS.map(() => 0);
const STILL_LIT_HINT = 'Look with led_get_status, then safe_shutdown. Tell the person if it stays lit.';

type Address = number | undefined;
type Levels = readonly number[];

/**
 * Sets the levels of one board, which `address` names where there are several, and returns it as read back. All zero
 * switches off: that board, or all where none is named.
 * Throws InputError (which board, a measurement is under way), InstrumentError, ConnectionError.
 */
export async function applyLight(levels: Levels, address: Address, call: StageCall): Promise<LedBoard[]> {
  if (levels.every((level) => level === 0)) return pastOthers(call, (beside) => switchOff(address, beside));
  const { client, send } = call;
  const board = chosen(await connectedBoards(call), address);
  await requireIdle(call, 'the light is not changed');
  await client.call(LED.SetValues, setting(board.address, levels), send);
  try {
    const boards = await readUntil(
      call,
      READ_BACK_MS,
      () => connectedBoards(call),
      (now) => differing(levels, find(now, board.address)).length === 0,
    );
    return [chosen(boards, board.address)];
  } catch (error) {
    throw withConsequence(
      error,
      'the levels were accepted and the LEDs may be on, but they could not be read back',
      'Look with led_get_status; set_light with preset "off" switches off.',
    );
  }
}

/** Channels that read back otherwise than asked: "Green: asked 0.5, reads 0.4". */
export function differing(levels: Levels, board: LedBoard | undefined): string[] {
  return levels.flatMap((asked, i) => {
    const reads = board?.values[i];
    if (reads !== undefined && Math.abs(reads - asked) <= SAME_LEVEL && (asked > 0 || reads === 0)) return [];
    return [`${LED_CHANNELS[i]?.name ?? `#${i + 1}`}: asked ${asked}, reads ${reads ?? 'unknown'}`];
  });
}

/** Every board is tried, whatever becomes of the others. */
async function switchOff(address: Address, call: StageCall): Promise<LedBoard[]> {
  const { client, send } = call;
  // One that is named is told first, and looked at afterwards.
  const addresses =
    address === undefined ? (await connectedBoards(call)).map((board) => board.address) : [address];
  const failures: unknown[] = [];
  for (const one of addresses) {
    await client
      .call(LED.SetValues, setting(one, ZEROS), send)
      .catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw withConsequence(
      failures[0],
      `${failures.length} of ${addresses.length} boards not switched off`,
      STILL_LIT_HINT,
    );
  const asked = (boards: readonly LedBoard[]): LedBoard[] =>
    boards.filter((board) => addresses.includes(board.address));
  const boards = await readUntil(
    call,
    READ_BACK_MS,
    () => connectedBoards(call),
    (now) => !asked(now).some(isLit),
  ).catch((error: unknown) => {
    throw withConsequence(error, 'the LEDs were told to go off, but could not be read back', STILL_LIT_HINT);
  });
  const seen = asked(boards);
  if (seen.length === addresses.length && !seen.some(isLit)) return seen;
  const state =
    seen.length < addresses.length
      ? 'not all of the boards can be read back'
      : seen.map(describeBoard).join('; ');
  throw new InstrumentError(`told to go off, but cannot be seen to be off: ${state}`, {
    code: 'not_as_asked',
    outcome: 'unknown',
    target: 'LED',
    command: LED.SetValues.name,
    hint: STILL_LIT_HINT,
  });
}

async function connectedBoards({ client, send }: StageCall): Promise<LedBoard[]> {
  const { connected, boards } = await client.send(LED.GetStatus, {}, send);
  const there = connected ? boards.filter((board) => board.connected) : [];
  if (there.length > 0) return there;
  throw new InstrumentError('no LED board is connected', {
    code: 'not_connected',
    outcome: 'not_sent',
    target: 'LED',
    command: LED.GetStatus.name,
    hint: 'Ask the person to check the light controller; led_get_status shows what is there.',
  });
}

function chosen(boards: readonly LedBoard[], address: Address): LedBoard {
  const only = boards.length === 1 ? boards[0] : undefined;
  const board = address === undefined ? only : find(boards, address);
  if (board !== undefined) return board;
  throw new InputError(
    address === undefined ? 'there are several LED boards' : `there is no connected LED board ${address}`,
    { hint: `Give address, one of ${boards.map((one) => one.address ?? 'none').join(', ')}.` },
  );
}

function find(boards: readonly LedBoard[], address: Address): LedBoard | undefined {
  return boards.find((board) => board.address === address);
}

function setting(address: Address, levels: Levels): { address?: number; values: number[] } {
  return { ...(address === undefined ? {} : { address }), values: [...levels] };
}
