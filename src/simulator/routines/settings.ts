import { invalidParameters } from '../instrument-error.ts';
import { checked, isRecord, merged, type Setting } from '../shape.ts';

/** The settings of an open routine. */
export class Settings<T> {
  readonly #schema: Setting<T>;
  readonly #conflict: (settings: T) => string | undefined;
  #current: T;

  /** @param conflict what is wrong with settings that are each right, as an end below the start */
  constructor(schema: Setting<T>, conflict: (settings: T) => string | undefined = () => undefined) {
    this.#schema = schema;
    this.#conflict = conflict;
    this.#current = schema.initial;
  }

  get current(): T {
    return this.#current;
  }

  /**
   * Takes the full object, as GetSettings returns it, or any part of it; what is not named keeps its value.
   * Throws InstrumentError 101 for unknown names and wrong values, and then nothing has changed.
   */
  apply(patch: unknown): void {
    if (!isRecord(patch)) throw invalidParameters('settings must be an object');
    const next = checked(this.#schema, merged(this.#current, patch));
    const conflict = this.#conflict(next);
    if (conflict !== undefined) throw invalidParameters(conflict);
    this.#current = next;
  }
}
