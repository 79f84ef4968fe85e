import { invalidParameters } from '../instrument-error.ts';
import { line, longPass } from '../physics/emission-sources.ts';
import { boolean, checked, number, object, optional } from '../shape.ts';
import type { Dialect } from '../request.ts';

interface Channel {
  readonly wavelength: number;
  /** Sense of the driver: at 0 % duty cycle an inverted laser shines at full power. */
  readonly inverted: boolean;
}

/**
 * The lasers. The second is inverted, so that the hazard the documentation warns of can be met where no one is
 * harmed.
 */
const CHANNELS: readonly Channel[] = [
  { wavelength: 450, inverted: false },
  { wavelength: 405, inverted: true },
];
/** nm. */
const LINE_WIDTH = 3;
/** Light of a full laser scattered by the sample, µW/(cm² nm), before the long-pass filter. */
const SCATTERED = 8;

const percent = optional(number({ min: 0, max: 100 }));
const SWITCH = object({ enabled: boolean() });
const LEVEL = object({
  channel: number({ integer: true, min: 1, max: CHANNELS.length }),
  frequency: optional(number({ above: 0, max: 1e6 })),
  intensity: percent,
  duty_cycle: percent,
});

/** The exciting lasers. They are off when the routine opens, and closing the routine switches them off. */
export class Lasers {
  readonly #dialect: Dialect;
  /** Power of each channel, 0 to 1. */
  #powers: readonly number[] = CHANNELS.map(() => 0);

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /**
   * Carries out SetLaser, in the form of the dialect: `{enabled}`, or `{channel, frequency?, intensity
   * duty_cycle}`.
   */
  set(parameter: unknown): void {
    if (this.#dialect === 'oldest') {
      this.#put(1, checked(SWITCH, parameter).enabled ? 1 : 0);
      return;
    }
    const { channel, intensity, duty_cycle: duty } = checked(LEVEL, parameter);
    if ((intensity === undefined) === (duty === undefined))
      throw invalidParameters('either intensity or duty_cycle');
    const inverted = CHANNELS[channel - 1]?.inverted === true;
    const level = (intensity ?? duty ?? 0) / 100;
    this.#put(channel, intensity === undefined && inverted ? 1 - level : level);
  }

  /** Excitation of the film by all lasers; 1 is one full laser. */
  get excitation(): number {
    return this.#powers.reduce((sum, power) => sum + power, 0);
  }

  /** Irradiance of the lasers' own light at the spectrometer, µW/(cm² nm). */
  irradiance(nm: number): number {
    const light = CHANNELS.reduce(
      (sum, { wavelength }, i) => sum + (this.#powers[i] ?? 0) * line(nm, wavelength, LINE_WIDTH),
      0,
    );
    return SCATTERED * light * longPass(nm);
  }

  #put(channel: number, power: number): void {
    this.#powers = this.#powers.map((before, i) => (i === channel - 1 ? power : before));
  }
}
