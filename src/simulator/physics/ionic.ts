/** s. */
const RELAXATION = 3;
const MIDPOINT_VOLTS = 0.8;
const WIDTH_VOLTS = 0.12;

/**
 * Where the mobile ions of a perovskite cell are: 0 as at short circuit, 1 as at open circuit. They follow the
 * bias with a time constant of seconds, and the current depends on where they are: hysteresis, largest when a
 * scan takes about as long as they do.
 *
 *     dx/dt = (clip(V/Voc, 0, 1) − x)/τ        loss = κ·(1 − x)/(1 + exp(−(V − 0.80)/0.12))
 */
export class IonicState {
  #x = 0.5;

  /** Lets the ions follow a bias for a time; exact however the time is cut into pieces. */
  relax(volts: number, voc: number, seconds: number): void {
    const goal = Math.min(1, Math.max(0, volts / voc));
    this.#x = goal + (this.#x - goal) * Math.exp(-seconds / RELAXATION);
  }

  /** Part of the photocurrent lost at a voltage, for a cell that can lose at most `kappa`. */
  loss(kappa: number, volts: number): number {
    return (kappa * (1 - this.#x)) / (1 + Math.exp(-(volts - MIDPOINT_VOLTS) / WIDTH_VOLTS));
  }
}
