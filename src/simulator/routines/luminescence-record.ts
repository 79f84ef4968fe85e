import { irradianceOf, WAVELENGTHS } from '../physics/spectrometer.ts';

/** Raw counts and their integration time, ms. */
export interface Trace {
  readonly counts: readonly number[];
  readonly milliseconds: number;
}

/**
 * The spectra that the routine holds. A dark stays stored when the integration time changes, though it is then
 * wrong.
 */
export class LuminescenceRecord {
  dark: Trace | undefined;
  reference: Trace | undefined;
  #single: Trace | undefined;
  /** µW/(cm² nm); NaN if there was no dark when the spectrum was taken. */
  #irradiance: readonly number[] = [];

  get irradiance(): readonly number[] {
    return this.#irradiance;
  }

  takeSingle(single: Trace): void {
    this.#single = single;
    const { dark } = this;
    this.#irradiance = single.counts.map((counts, i) =>
      dark === undefined ? Number.NaN : irradianceOf(counts - (dark.counts[i] ?? 0), single.milliseconds),
    );
  }

  /** The `data` of GetTestData: all keys, with an empty array for each spectrum that was not acquired. */
  toJson(): unknown {
    const spectrum = this.#withoutDark(this.#single);
    const reference = this.#withoutDark(this.reference);
    const transmittance = reference.length === 0 ? [] : spectrum.map((s, i) => s / (reference[i] ?? 0));
    const any = this.#single ?? this.reference ?? this.dark;
    return {
      wavelengths: any === undefined ? [] : WAVELENGTHS,
      dark: this.dark?.counts ?? [],
      reference,
      spectrum,
      irradiance: this.#irradiance.some(Number.isNaN) ? [] : this.#irradiance,
      // NaN if nothing is transmitted.
      absorbance: transmittance.map((t) => (t > 0 ? -Math.log10(t) : Number.NaN)),
      transmittance,
    };
  }

  #withoutDark(trace: Trace | undefined): readonly number[] {
    return trace?.counts.map((counts, i) => counts - (this.dark?.counts[i] ?? 0)) ?? [];
  }
}
