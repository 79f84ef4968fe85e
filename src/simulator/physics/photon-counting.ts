import type { Random } from '../random.ts';

/** ns, and number of bins: together one laser period. */
export const RESOLUTION = 0.025;
export const BINS = 4096;
/** Laser pulses per second: the histogram spans exactly one period. */
export const SYNC_RATE = 1e9 / (RESOLUTION * BINS);
/** Photons per pulse at the present intensity of the laser head. */
const RATIO = 0.0174;
/**
 * Fraction of the photons that arrive late, as afterpulses and afterglow: 5 counts per bin in a histogram of a
 * million.
 */
const LATE = (5 * BINS) / 1e6;
/** Counts per second of the detector in the dark, and under the LED board at one sun. */
const DARK_RATE = 80;
const AMBIENT_RATE = 2e7;
/** s during which the detector sees nothing after a photon. */
const DEAD_TIME = 66e-9;
/** ns: arrival time of the pulse, and standard deviation of the instrument response. */
const PULSE_TIME = 5;
const RESPONSE = 0.15;
/** Components of the film's luminescence: fraction and ns. */
const DECAY: readonly (readonly [amplitude: number, lifetime: number])[] = [
  [0.6, 4],
  [0.4, 25],
];

/** Light and sample in front of the detector. */
export interface Scene {
  readonly laser: boolean;
  /** True if bare glass lies in place of the film: glass scatters the laser and does not luminesce. */
  readonly glass: boolean;
  /** Light of the LED board, suns. */
  readonly suns: number;
}

/** Photons counted per second. */
export function inputRate({ laser, suns }: Scene): number {
  const arriving = DARK_RATE + suns * AMBIENT_RATE + (laser ? RATIO * SYNC_RATE : 0);
  return arriving / (1 + arriving * DEAD_TIME);
}

/**
 * Cumulative distribution of the arrival time in the period: for each bin, the probability that a counted
 * photon lies in that bin or an earlier one.
 * Luminescence Σ a·e^(−t/τ) convolved with a Gaussian response, or the response alone, on top of counts that do
 * not follow the laser; the decay that outlasts the period continues in the next. Only the first photon after a
 * pulse is timed: the others are lost behind it (pile-up).
 */
export function arrivalTimes(scene: Scene): Float64Array {
  const { laser, glass, suns } = scene;
  const steady = (DARK_RATE + suns * AMBIENT_RATE) / SYNC_RATE;
  const pulsed = laser ? RATIO : 0;
  const response = periodic((time) => Math.exp((-time * time) / (2 * RESPONSE ** 2)));
  const decay = glass ? response : decayed(response);
  const total = decay.reduce((sum, value) => sum + value, 0);
  const cumulative = new Float64Array(BINS);
  let before = 0;
  let counted = 0;
  for (let i = 0; i < BINS; i++) {
    const here = ((1 - LATE) * pulsed * (decay[i] ?? 0)) / total + (LATE * pulsed + steady) / BINS;
    counted += Math.exp(-before) * -Math.expm1(-here);
    before += here;
    cumulative[i] = counted;
  }
  return cumulative.map((value) => value / counted);
}

/**
 * Evaluates a function of the time since the pulse, ns, at the middle of each bin, on either side of the
 * period's ends.
 */
function periodic(shape: (time: number) => number): Float64Array {
  const period = BINS * RESOLUTION;
  return Float64Array.from({ length: BINS }, (_, i) => {
    const time = (i + 0.5) * RESOLUTION - PULSE_TIME;
    return shape(time) + shape(time - period) + shape(time + period);
  });
}

/** Convolves the response with the decay, in its periodic state. */
function decayed(response: Float64Array): Float64Array {
  const curve = new Float64Array(BINS);
  for (const [amplitude, lifetime] of DECAY) {
    const kept = Math.exp(-RESOLUTION / lifetime);
    let value = response.reduce((left, now) => left * kept + now, 0) / (1 - kept ** BINS);
    for (const [i, now] of response.entries()) {
      value = value * kept + now;
      curve[i] = (curve[i] ?? 0) + amplitude * value;
    }
  }
  return curve;
}

/** Draws a photon from such a distribution and returns its bin. */
export function drawBin(cumulative: Float64Array, random: Random): number {
  const chance = random.next();
  let [low, high] = [0, BINS - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 1) > chance) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Draws a Poisson-distributed number. */
export function poisson(random: Random, mean: number): number {
  // Above this mean the normal distribution is as good.
  if (mean > 500) return Math.max(0, Math.round(mean + random.gaussian(Math.sqrt(mean))));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count++;
  return count;
}
