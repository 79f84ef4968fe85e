import type { OFF_EVIDENCE, SwitchedOn } from '../../archive/applied.ts';
import { ArkeoError } from '../../errors.ts';

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
  /** On until the measurement is stopped. */
  #untilStop: SwitchedOn | undefined;
  /** Switched on by the routine itself while it measures. */
  #byRoutine: readonly SwitchedOn[] = [];

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

  /** Switches something on that the stop of the measurement switches off. */
  async untilStop(switching: Switching, act: () => Promise<unknown>): Promise<void> {
    const known = this.#untilStop;
    const detail = known?.detail ?? '';
    const entry = known ?? this.on(switching);
    if (known !== undefined) this.change(known, switching);
    this.#untilStop = entry;
    try {
      await act();
    } catch (error) {
      if (error instanceof ArkeoError && error.outcome !== 'unknown') {
        entry.detail = detail;
        if (known === undefined) {
          this.forget(entry);
          this.#untilStop = undefined;
        }
      }
      throw error;
    }
  }

  /** Notes that the instrument accepted the stop of the measurement. */
  noteStopped(): void {
    if (this.#untilStop !== undefined) this.off(this.#untilStop, 'acknowledged');
    this.#untilStop = undefined;
  }

  /** Notes what the routine itself switches on at its start. */
  byRoutine(switchings: readonly Switching[]): void {
    this.#byRoutine = switchings.map((switching) => this.on(switching));
  }

  /**
   * Notes how it is known that what the routine switched on is off again.
   * @param lit whether an LED board is lit afterwards; undefined where nobody could read that
   */
  noteRoutineOff(lit: boolean | undefined): void {
    if (lit === undefined) return;
    for (const entry of this.#byRoutine)
      if (entry.what === 'light') this.off(entry, lit ? 'failed' : 'read_back');
  }

  #time(): string {
    return this.#now().toISOString();
  }
}
