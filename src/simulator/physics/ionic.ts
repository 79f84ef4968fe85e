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
 *
 * So a held or tracked power lies between the two scans only where the reverse scan begins with ions that have arrived
 * near x = 1: a slow scan, or one after a hold beyond Voc, which it is 2 % below. A forward and a reverse scan that are
 * over in a few τ after a hold at short circuit, as JV does by default, both have ions that are still on their way, and
 * both lose more than tracking does: the reverse one 1 % at 0.2 V/s, 7 % at 1 V/s. Cells kept at short circuit are
 * known to do so; it is why a scan alone gives no efficiency.
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
