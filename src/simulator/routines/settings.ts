import { invalidParameters } from '../instrument-error.ts';
import { checked, isRecord, merged, type Setting } from '../shape.ts';

/** The settings of an open routine. */
export class Settings<T> {
  readonly #schema: Setting<T>;
  readonly #conflict: (settings: T) => string | undefined;
  #current: T;

  /**
   * @param conflict describes a conflict between settings that are each valid by themselves, such as an end
   * below the start
   */
  constructor(schema: Setting<T>, conflict: (settings: T) => string | undefined = () => undefined) {
    this.#schema = schema;
    this.#conflict = conflict;
    this.#current = schema.initial;
  }

  get current(): T {
    return this.#current;
  }

  /**
   * Takes the full object, as GetSettings returns it, or any part of it; settings that are not named keep their
   * values. Throws InstrumentError 101 for unknown names and wrong values, and then changes nothing.
   */
  apply(patch: unknown): void {
    if (!isRecord(patch)) throw invalidParameters('settings must be an object');
    const next = checked(this.#schema, merged(this.#current, patch));
    const conflict = this.#conflict(next);
    if (conflict !== undefined) throw invalidParameters(conflict);
    this.#current = next;
  }
}
