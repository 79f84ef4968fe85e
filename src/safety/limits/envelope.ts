/** One value that a sample is exposed to, and the setting that it comes from. */
export interface Exposure {
  /** Place in the settings, e.g. "scan_settings › scan › End (V)". */
  readonly what: string;
  readonly value: number;
  /** The value may mean something else: nobody is asked about it, but beyond a hard limit it is refused. */
  readonly guess?: true;
}

/** Exposures of a sample to voltage, current and light that settings cause. */
export interface Exposures {
  /** V, with sign. */
  readonly voltages: readonly Exposure[];
  /** A, magnitudes: limits and ranges of current. */
  readonly currents: readonly Exposure[];
  /** Light that the routine switches on; 1 is its full level. */
  readonly light: readonly Exposure[];
}

/** Exposures of a sample to a measurement with certain settings, and its time. */
export interface Envelope extends Exposures {
  /** s; Infinity without a bound, undefined where it runs until stopped, or the settings do not tell. */
  readonly seconds: number | undefined;
}

export const NOTHING: Exposures = { voltages: [], currents: [], light: [] };

export function together(...parts: readonly Exposures[]): Exposures {
  return {
    voltages: parts.flatMap(({ voltages }) => voltages),
    currents: parts.flatMap(({ currents }) => currents),
    light: parts.flatMap(({ light }) => light),
  };
}

export function volts(what: string, ...values: readonly number[]): Exposures {
  return { ...NOTHING, voltages: values.map((value) => ({ what, value })) };
}

export function amperes(what: string, ...values: readonly number[]): Exposures {
  return { ...NOTHING, currents: values.map((value) => ({ what, value })) };
}

export function lit(what: string, value: number): Exposures {
  return { ...NOTHING, light: [{ what, value }] };
}

/** The same, as guesses. */
export function guessed({ voltages, currents, light }: Exposures): Exposures {
  const mark = (list: readonly Exposure[]): Exposure[] => list.map((one) => ({ ...one, guess: true }));
  return { voltages: mark(voltages), currents: mark(currents), light: mark(light) };
}
