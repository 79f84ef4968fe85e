import type { CommandObserver } from '../instrument/command-observer.ts';

/** Remembers when this process last had the lamp of the monochromator calibrated. */
export class LampCalibration {
  readonly #now: () => Date;
  #at: Date | undefined;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Undefined where this process did not: the calibration that the instrument holds may be of any age. */
  get at(): Date | undefined {
    return this.#at;
  }

  readonly observe: CommandObserver = ({ effects }) => {
    const isCalibration = effects.some((effect) => effect.type === 'starts' && effect.what === 'calibration');
    return (outcome) => {
      if (isCalibration && outcome === 'ok') this.#at = this.#now();
    };
  };
}
