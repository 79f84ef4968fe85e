import type { CommandObserver } from '../instrument/command-observer.ts';

/** Counts the commands that may have changed what a measurement would yield: all but those that only look. */
export class Changes {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  readonly observe: CommandObserver = ({ kind }) => {
    if (kind !== 'read') this.#count++;
    return () => undefined;
  };
}
