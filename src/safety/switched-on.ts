import type { Outcome } from '../errors.ts';
import type { Reading } from './readings.ts';
import { keyOf, type Thing } from './thing.ts';

/** Time after which a routine that says Ready is not about to start any more. */
const START_SETTLES_MS = 5000;
/** A measurement is over when it was seen over so often in a row: one reply that is not Running ends none. */
const LOOKS_TO_END = 2;

interface Entry {
  thing: Thing;
  /** When it was switched on last, in commands written. */
  onAt: number;
  /** The same in milliseconds, monotonic. */
  onMs: number;
  /** Commands that switch it on and have no outcome yet, by their count. */
  pending: Set<number>;
  /** It was read back as on since. */
  seenOn: boolean;
  /** When it was told to go off since, in commands written. */
  offAt: number | undefined;
  /** The instrument acknowledged that. */
  acknowledged: boolean;
  /** How often in a row it was read back as off. */
  looks: number;
}

/** Knowledge that a server which is gone had of a thing. */
export interface AdoptedState {
  /** It had been read back as on. */
  seenOn?: boolean;
  /** The instrument had acknowledged that it was switched off. */
  acknowledged?: boolean;
}

/** Function that is told what became of a written command. */
export type Settle = (outcome: 'ok' | Outcome) => void;

/**
 * Keeps what was switched on and not seen to be off. A thing is on from the moment the command is written. An
 * acknowledgement ends nothing: a thing is off when it reads back as off, after it was told to go off or after it had
 * been read back as on.
 */
export class SwitchedOn {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  #written = 0;

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  get entries(): readonly Readonly<Entry>[] {
    return [...this.#entries.values()];
  }

  get(key: string): Readonly<Entry> | undefined {
    return this.#entries.get(key);
  }

  /** Counts a command that is written, for `show` to tell what a reply can know of. */
  count(): number {
    return ++this.#written;
  }

  /** A command that switches the thing on is written. What was refused is taken back. */
  turnOn(thing: Thing): Settle {
    const key = keyOf(thing);
    const before = this.#entries.get(key);
    const onAt = this.count();
    const entry: Entry = {
      thing,
      onAt,
      onMs: this.#now(),
      pending: new Set([...(before?.pending ?? []), onAt]),
      seenOn: false,
      offAt: undefined,
      acknowledged: false,
      looks: 0,
    };
    this.#entries.set(key, entry);
    return (outcome) => {
      const current = this.#entries.get(key);
      if (current === undefined) return;
      current.pending.delete(onAt);
      const isRefused = outcome === 'refused' || outcome === 'not_sent';
      if (!isRefused || current.onAt !== onAt) return;
      if (before === undefined) this.#entries.delete(key);
      else this.#entries.set(key, { ...before, pending: current.pending });
    };
  }

  /** A command that switches the things off is written. */
  turnOff(isMeant: (thing: Thing) => boolean): Settle {
    const at = this.count();
    const meant = [...this.#entries.values()].filter(({ thing }) => isMeant(thing));
    const before = meant.map(({ offAt }) => offAt);
    for (const entry of meant) entry.offAt = at;
    return (outcome) => {
      for (const [i, entry] of meant.entries()) {
        if (entry.offAt !== at) continue;
        if (outcome === 'refused' || outcome === 'not_sent') entry.offAt = before[i];
        if (outcome === 'ok') entry.acknowledged = true;
      }
    };
  }

  /** Takes in what a reply shows. @param at count of the read when it was written: it knows nothing of what came after */
  show(reading: Reading, at: number): void {
    for (const [key, entry] of this.#entries) {
      const isOn = reading(entry.thing);
      if (isOn === undefined || at < entry.onAt || entry.pending.size > 0) continue;
      if (isOn) {
        entry.seenOn = true;
        entry.looks = 0;
      } else if (this.#isOver(entry, at)) this.#entries.delete(key);
    }
  }

  /** It is known to be off, or gone with what it was on. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Takes over what a server that is gone left on. */
  adopt(thing: Thing, { seenOn = false, acknowledged = false }: AdoptedState): void {
    const key = keyOf(thing);
    if (!this.#entries.has(key)) this.turnOn(thing)('ok');
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.seenOn ||= seenOn;
    entry.acknowledged ||= acknowledged;
  }

  #isOver(entry: Entry, at: number): boolean {
    if (entry.offAt !== undefined && at > entry.offAt) return true;
    if (entry.thing.kind !== 'run') return entry.seenOn;
    // Right after the start the status may still say Ready.
    const couldHaveEnded = entry.seenOn || this.#now() - entry.onMs > START_SETTLES_MS;
    return couldHaveEnded && ++entry.looks >= LOOKS_TO_END;
  }
}
