export const AMBIENT = 25;
export const MIN_TARGET = -5;
export const MAX_TARGET = 85;
/** °C/s: rate of the controller's ramp. */
const RAMP = 1;
/** s: lag of the copper plate behind the controller's ramp. */
const LAG = 4;
/** s: time constant with which the plate returns to room temperature by itself. */
const DRIFT = 90;
/** s: lag of the heat sink. */
const SINK_LAG = 40;
/** °C: closer than this to the target the controller reports "Stable". */
const STABLE_BAND = 0.02;

/** A copper plate on Peltier elements: the controller ramps its set point, the plate follows. */
export class TemperatureStage {
  #target = AMBIENT;
  #nominal = AMBIENT;
  #object = AMBIENT;
  #sink = AMBIENT;
  #enabled = false;

  /** Temperature of plate and sample, °C. */
  get celsius(): number {
    return this.#object;
  }
  /** Temperature of the heat sink, °C. */
  get sink(): number {
    return this.#sink;
  }
  /** Target of the controller, °C. */
  get target(): number {
    return this.#target;
  }
  /** Present value of the ramp, °C. */
  get nominal(): number {
    return this.#nominal;
  }
  get enabled(): boolean {
    return this.#enabled;
  }

  /** State of the controller. Only "Not Active" is documented; the other two words are suggested by it. */
  get stability(): 'Not Active' | 'Not Stable' | 'Stable' {
    if (!this.#enabled) return 'Not Active';
    const settled = this.#nominal === this.#target && Math.abs(this.#object - this.#target) < STABLE_BAND;
    return settled ? 'Stable' : 'Not Stable';
  }

  /**
   * A: the current that keeps the difference to the room, plus the current that moves the plate; negative when
   * cooling.
   */
  get outputCurrent(): number {
    if (!this.#enabled) return 0;
    return 0.05 * (this.#object - AMBIENT) + 0.2 * (this.#nominal - this.#object);
  }

  setTarget(celsius: number): void {
    this.#target = celsius;
  }

  setEnabled(enabled: boolean): void {
    if (enabled && !this.#enabled) this.#nominal = this.#object;
    this.#enabled = enabled;
  }

  /**
   * Advances plate and sink. The result for the plate is exact however the time is divided; for the sink, which
   * nothing measures, it is not.
   */
  advance(seconds: number): void {
    if (!this.#enabled) {
      this.#object = approach(this.#object, AMBIENT, seconds / DRIFT);
      this.#nominal = this.#object;
    } else {
      const way = this.#target - this.#nominal;
      const ramping = Math.min(seconds, Math.abs(way) / RAMP);
      this.#ramp(Math.sign(way) * RAMP, ramping);
      if (ramping < seconds) {
        this.#nominal = this.#target;
        this.#object = approach(this.#object, this.#target, (seconds - ramping) / LAG);
      }
    }
    this.#sink = approach(this.#sink, AMBIENT + this.#load(), seconds / SINK_LAG);
  }

  /** dT/dt = (nominal − T)/LAG with a nominal temperature that moves at a constant rate. */
  #ramp(rate: number, seconds: number): void {
    const behind = rate * LAG;
    const lead = this.#object - this.#nominal + behind;
    this.#nominal += rate * seconds;
    this.#object = this.#nominal - behind + lead * Math.exp(-seconds / LAG);
  }

  /** K: heating of the sink by the load; cooling heats it more than heating does. */
  #load(): number {
    if (!this.#enabled) return 0;
    const difference = this.#object - AMBIENT;
    return difference < 0 ? -0.4 * difference : 0.12 * difference;
  }
}

function approach(from: number, to: number, timeConstants: number): number {
  return to + (from - to) * Math.exp(-timeConstants);
}
