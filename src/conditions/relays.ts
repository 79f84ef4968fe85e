import { InputError, InstrumentError } from '../errors.ts';
import { commands } from '../instrument/commands/index.ts';
import { describeRelays } from '../instrument/commands/mux.ts';
import { requireIdle } from './require-idle.ts';
import { withConsequence, pastOthers, readUntil, type StageCall } from './stage-call.ts';

const { MUX } = commands;
/** Contacts bounce and charge flows off before the next pixel is connected. */
const SETTLE_MS = 200;
const READ_BACK_MS = 500;
const LOOK_TIMEOUT_MS = 2000;
const OPEN_HINT = 'Look with mux_get_status; select_device with relay 0 opens all.';

/** True = closed, relay 1 first. */
type Relays = readonly boolean[];

export interface Selection {
  before: Relays;
  /** Relays as read back. */
  after: Relays;
  /** False where the relays were as asked and nothing was sent. */
  sent: boolean;
}

/**
 * Closes one relay and no other, all open in between, each step read back; 0 opens all. Relays count from 1.
 * Throws InputError (no such relay, a measurement is under way), InstrumentError, ConnectionError.
 */
export function selectRelay(relay: number, call: StageCall): Promise<Selection> {
  return relay === 0 ? pastOthers(call, openAll) : closeOnly(relay, call);
}

async function openAll(call: StageCall): Promise<Selection> {
  const { relays: before, count, connected } = await read(call);
  if (connected && isKnown(before, count) && !before.includes(true))
    return { before, after: before, sent: false };
  try {
    const after = await set(call, allOpen(count || before.length || 1));
    return { before, after, sent: true };
  } catch (error) {
    throw connected
      ? error
      : withConsequence(error, 'the multiplexer is not connected', 'Call mux_connect, then again.');
  }
}

async function closeOnly(relay: number, call: StageCall): Promise<Selection> {
  const { connected, relays: before, count } = await read(call);
  if (!connected) {
    throw new InstrumentError('the multiplexer is not connected', {
      code: 'not_connected',
      outcome: 'not_sent',
      target: 'MUX',
      hint: 'Call mux_connect, then select_device again.',
    });
  }
  if (relay > count) {
    throw new InputError(`relay ${relay} does not exist: the multiplexer has ${count} relays`, {
      hint: count === 0 ? 'Look with mux_get_status.' : `Give a relay from 1 to ${count}, or 0 to open all.`,
    });
  }
  if (!isKnown(before, count)) {
    throw new InstrumentError(
      'the multiplexer does not say which relays are closed, so none is closed unseen',
      {
        code: 'relays_unknown',
        outcome: 'not_sent',
        target: 'MUX',
        hint: 'See what it says with mux_get_status; mux_set_status sets relays without this check.',
      },
    );
  }
  const wanted = before.map((_, i) => i === relay - 1);
  if (isSame(wanted, before)) return { before, after: before, sent: false };
  await requireIdle(call, 'relays are not switched');
  try {
    return { before, after: await breakBeforeMake(wanted, call), sent: true };
  } catch (error) {
    throw withConsequence(error, await whatIsClosed(before, call), OPEN_HINT);
  }
}

async function breakBeforeMake(wanted: Relays, call: StageCall): Promise<Relays> {
  const { clock, send } = call;
  await set(call, allOpen(wanted.length));
  await clock.pause(SETTLE_MS, send.signal);
  // Somebody at the screen may have started one meanwhile.
  await requireIdle(call, 'relays were opened and are not closed');
  try {
    return await set(call, wanted);
  } catch (error) {
    if (!(error instanceof InstrumentError) || error.code !== 'not_as_asked') throw error;
    await set(call, allOpen(wanted.length)).catch((second: unknown) => {
      throw withConsequence(error, `opening all again failed: ${String(second)}`, OPEN_HINT);
    });
    throw error;
  }
}

/** Sets all relays and reads them back. */
async function set(call: StageCall, wanted: Relays): Promise<Relays> {
  const { client, send } = call;
  await client.call(MUX.SetStatus, { state: [...wanted] }, send);
  const { relays } = await readUntil(
    call,
    READ_BACK_MS,
    () => read(call),
    (status) => isSame(wanted, status.relays),
  );
  if (isSame(wanted, relays)) return relays;
  throw new InstrumentError(
    `asked for ${describeRelays(wanted)}, but it reads back ${describeRelays(relays)}`,
    {
      code: 'not_as_asked',
      outcome: 'unknown',
      target: 'MUX',
      command: MUX.SetStatus.name,
      hint: wanted.includes(true) ? OPEN_HINT : 'Tell the person; look again with mux_get_status.',
    },
  );
}

/** After a failure half way: looked at once more, because that is what the next step depends on. */
async function whatIsClosed(before: Relays, { client }: StageCall): Promise<string> {
  const status = await client.send(MUX.GetStatus, {}, { timeoutMs: LOOK_TIMEOUT_MS }).catch(() => undefined);
  return status === undefined
    ? `which relays are closed cannot be read now (${describeRelays(before)} before the call)`
    : `now it reads ${describeRelays(status.relays)}`;
}

function read({ client, send }: StageCall) {
  return client.send(MUX.GetStatus, {}, send);
}

function isKnown(relays: Relays, count: number): boolean {
  return relays.length > 0 && relays.length === count;
}

function isSame(a: Relays, b: Relays): boolean {
  return a.length === b.length && a.every((closed, i) => closed === b[i]);
}

function allOpen(count: number): boolean[] {
  return Array.from({ length: count }, () => false);
}
