import type { OFF_EVIDENCE, SwitchedOn } from '../../archive/applied.ts';

/** Something that is switched on for a measurement. */
export interface Switching {
  readonly what: SwitchedOn['what'];
  /** Channel, level or position, for people: "channel 1, 20 %". */
  readonly detail: string;
}

export type OffEvidence = (typeof OFF_EVIDENCE)[number];

/** Keeps what was switched on for a measurement, when it went on and off, and how its off is known. */
export class Switches {
  readonly #now: () => Date;
  #entries: SwitchedOn[] = [];

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Everything so far, in the order in which it went on. */
  get entries(): readonly SwitchedOn[] {
    return this.#entries;
  }

  /** Notes that something goes on now. */
  on({ what, detail }: Switching): SwitchedOn {
    const entry: SwitchedOn = { what, detail, on_at: this.#time(), off_at: null, off: null };
    this.#entries.push(entry);
    return entry;
  }

  /** Notes that what is on is set to something else without having been off. */
  change(entry: SwitchedOn, { detail }: Switching): void {
    entry.detail = `${entry.detail}, then ${detail}`;
  }

  /** Takes back what did not go on after all. */
  forget(entry: SwitchedOn): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  /** Notes that something went off now, or could not be switched off. */
  off(entry: SwitchedOn, evidence: OffEvidence | null): void {
    entry.off = evidence;
    entry.off_at = evidence === 'failed' || evidence === 'left_on' ? null : this.#time();
  }

  #time(): string {
    return this.#now().toISOString();
  }
}
