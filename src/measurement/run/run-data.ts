import { ArkeoError, InstrumentError } from '../../errors.ts';
import type { CommandReply } from '../../instrument/client.ts';
import { commands } from '../../instrument/commands/index.ts';
import type { Keeper } from './keeper.ts';
import type { Session } from './session.ts';

const { GetTestData } = commands.ROUTINE;

/** Data that the instrument holds, as text; null if the instrument says that it has none. */
export type Held = string | null;

/** Data that the instrument had at a look while it measured. */
export interface Glimpse {
  data: unknown;
  /** The reply as it came. */
  payload: Buffer;
}

/** The data of one measurement: what was fetched of it, and how to tell it from the data of before. */
export class RunData {
  /** In the order in which it came. */
  readonly replies: unknown[] = [];
  /** The simulator that answered, if one did. */
  simulator: string | undefined;
  /** It was fetched after the measurement had ended: there is no more. */
  isWhole = false;
  /** The last look at live data. */
  looked: Glimpse | undefined;
  /** Glimpse that was kept last while it measured. */
  checkpoint: Glimpse | undefined;
  readonly #keeper: Keeper;
  /** Undefined where it could not be told. */
  #before: Held | undefined;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  /** Data that the instrument held before the start; undefined if it was not asked, or could not be told. */
  get before(): Held | undefined {
    return this.#before;
  }

  /** True if the data fetched last is exactly what the instrument held before the start. */
  get isThatOfBefore(): boolean {
    return typeof this.#before === 'string' && JSON.stringify(this.replies.at(-1)) === this.#before;
  }

  /** Notes what the instrument holds before the start. */
  async noteBefore(session: Session): Promise<void> {
    this.#before = await held(session);
  }

  /** Fetches what the instrument holds now. Undefined unless that is surely other than before the start. */
  async changed(session: Session): Promise<string | undefined> {
    const now = await held(session);
    return typeof now === 'string' && this.#before !== undefined && now !== this.#before ? now : undefined;
  }

  /** Fetches the data, keeps the reply as it came, and returns what is in it. */
  async fetch(session: Session): Promise<unknown> {
    return this.#keep(await session.call(GetTestData, {}));
  }

  /** Fetches the data, and keeps it only if it is other than what came last. */
  async fetchIfNew(session: Session): Promise<void> {
    const reply = await session.call(GetTestData, {});
    const last = this.replies.length === 0 ? this.#before : JSON.stringify(this.replies.at(-1));
    if (JSON.stringify(reply.data) !== last) this.#keep(reply);
  }

  /**
   * After a failure: fetches what there is, unless it is still the data of before. Returns why it could not be fetched,
   * or undefined.
   */
  async rescue(session: Session): Promise<string | undefined> {
    try {
      await this.fetchIfNew(session);
      this.isWhole = true;
      return undefined;
    } catch (error) {
      if (error instanceof ArkeoError) return error.message;
      throw error;
    }
  }

  /** Looks at live data, which the instrument replaces all the time, without keeping the reply. */
  async peek(session: Session): Promise<unknown> {
    const reply = await session.call(GetTestData, {});
    this.simulator = reply.simulator;
    this.looked = reply;
    return reply.data;
  }

  #keep(reply: CommandReply): unknown {
    this.simulator = reply.simulator;
    this.#keeper.reply(GetTestData.name, reply.payload);
    this.replies.push(reply.data);
    return reply.data;
  }
}

/** Only a refusal says that there is no data; what cannot be read says nothing. */
async function held(session: Session): Promise<Held | undefined> {
  try {
    return JSON.stringify((await session.call(GetTestData, {})).data) ?? null;
  } catch (error) {
    if (!(error instanceof InstrumentError)) throw error;
    return error.outcome === 'refused' ? null : undefined;
  }
}
