import type { MeasurementRecord } from './record.ts';

/** How often a process shows that it still measures. */
export const HEARTBEAT_MS = 5_000;
/** For so long a sign of life has to stand still, by the clock of whoever looks, before its process is taken for gone. */
export const SILENT_MS = 60_000;

/**
 * - `running`: its process was seen to go on
 * - `perhaps_running`: it is not known yet whether its process lives
 * - `interrupted`: its process is gone
 */
export type Life = 'running' | 'perhaps_running' | 'interrupted';

export interface Observer {
  /** This computer since its last start: numbers of processes can only be compared within it. Undefined: unknown. */
  machine?: string | undefined;
  /** Whether a process of this computer lives. */
  isAlive: (pid: number) => boolean;
  /** A clock that nobody sets, ms. */
  elapsedMs?: (() => number) | undefined;
}

interface Sighting {
  sign: string;
  /** When it was seen to change, or first seen. */
  since: number;
  hasChanged: boolean;
}

/**
 * Tells the measurements of others that go on from those whose process is gone. Clocks of other computers say nothing:
 * a sign of life is only compared with itself, as it was seen before.
 */
export class Liveness {
  readonly #observer: Observer;
  readonly #sightings = new Map<string, Sighting>();

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** @param sign what its process changes for as long as it lives; changes between two looks mean that it does */
  of(id: string, { process }: Pick<MeasurementRecord, 'process'>, sign: string): Life {
    if (this.isGone({ process })) {
      this.#sightings.delete(id);
      return 'interrupted';
    }
    const now = (this.#observer.elapsedMs ?? performanceNow)();
    const before = this.#sightings.get(id);
    if (before === undefined || before.sign !== sign) {
      this.#sightings.set(id, { sign, since: now, hasChanged: before !== undefined });
      return before === undefined ? 'perhaps_running' : 'running';
    }
    if (now - before.since >= SILENT_MS) return 'interrupted';
    return before.hasChanged ? 'running' : 'perhaps_running';
  }

  /** Its process is certainly gone: it let go of the entry, or does not exist on this very computer. */
  isGone({ process }: Pick<MeasurementRecord, 'process'>): boolean {
    const { machine, isAlive } = this.#observer;
    if (process.gone === true) return true;
    return machine !== undefined && process.machine === machine && !isAlive(process.pid);
  }

  /** It has ended, and nobody asks any more. */
  forget(id: string): void {
    this.#sightings.delete(id);
  }
}

const performanceNow = (): number => performance.now();
