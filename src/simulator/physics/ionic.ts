/** s: time constant of the ions. */
const RELAXATION = 3;
const MIDPOINT_VOLTS = 0.8;
const WIDTH_VOLTS = 0.12;

/**
 * Position of the mobile ions of a perovskite cell: 0 as at short circuit, 1 as at open circuit. The ions
 * follow the bias with a time constant of seconds, and the current depends on their position: hysteresis,
 * largest when a scan takes about as long as that time constant.
 *
 *     dx/dt = (clip(V/Voc, 0, 1) − x)/τ        loss = κ·(1 − x)/(1 + exp(−(V − 0.80)/0.12))
 *
 * A held or tracked power therefore lies between the two scans only if the reverse scan begins with ions near x
 * = 1: a slow scan, or one after a hold beyond Voc, which the held power is 2 % below. If a forward and a
 * reverse scan are over within a few τ after a hold at short circuit, as JV does by default, the ions are still
 * moving in both, and both scans lose more than tracking does: the reverse one 1 % at 0.2 V/s, 7 % at 1 V/s.
 * Cells kept at short circuit are known to behave so; for this reason a scan alone gives no efficiency.
 */
export class IonicState {
  #x = 0.5;

  /** Lets the ions follow a bias for a time. The result is exact, however the time is divided. */
  relax(volts: number, voc: number, seconds: number): void {
    const goal = Math.min(1, Math.max(0, volts / voc));
    this.#x = goal + (this.#x - goal) * Math.exp(-seconds / RELAXATION);
  }

  /** Fraction of the photocurrent lost at a voltage, for a cell that can lose at most `kappa`. */
  loss(kappa: number, volts: number): number {
    return (kappa * (1 - this.#x)) / (1 + Math.exp(-(volts - MIDPOINT_VOLTS) / WIDTH_VOLTS));
  }
}
