import type { Bench } from '../bench.ts';
import type { Random } from '../random.ts';
import { diodeOf } from './device.ts';
import { currentDensity } from './diode.ts';
import { extractionCurrent, extractionOf, REFERENCE_FILM } from './extraction.ts';
import { HIGH_RESISTANCE, SHORT_RESISTANCE } from './probe.ts';
import type { Pixel } from './sample.ts';

/** A voltage ramp at the probes. */
export interface Ramp {
  /** V. */
  readonly from: number;
  readonly to: number;
  /** s. */
  readonly duration: number;
}

/** V: noise that the scope adds to a voltage reading. */
const VOLTAGE_NOISE = 2e-4;
/** Noise of a single transient's current, relative to its displacement current. */
const CURRENT_NOISE = 0.02;
/** A: least noise of the current, that of an open contact. */
const NOISE_FLOOR = 2e-7;

export type TraceRow = [volts: number, amperes: number];

/**
 * Makes one averaged transient of the contacted pixels: voltage at and current into them, so that a reverse
 * ramp gives negative currents.
 *
 * @param delay between light pulse and ramp, s; undefined without light pulses
 * @param limit largest current that is measured, A
 */
export function celivTrace(
  bench: Bench,
  ramp: Ramp,
  options: { delay: number | undefined; interval: number; averages: number; limit: number; random: Random },
): TraceRow[] {
  const { delay, interval, averages, limit, random } = options;
  const rate = (ramp.to - ramp.from) / ramp.duration;
  const pixels = bench.contacted();
  const displacement = pixels
    .filter(({ contact }) => contact !== 'open')
    .reduce(
      (sum, { cell }) => sum + extractionOf(REFERENCE_FILM, cell.area, Math.abs(rate), undefined).j0,
      0,
    );
  const noise = Math.max(NOISE_FLOOR, CURRENT_NOISE * displacement) / Math.sqrt(averages);
  const rows = Math.floor(ramp.duration / interval + 1e-6) + 1;
  return Array.from({ length: rows }, (_, i): TraceRow => {
    const time = i * interval;
    const volts = ramp.from + rate * time;
    const amperes = pixels.reduce(
      (sum, pixel) => sum + pixelCurrent(bench, pixel, { volts, rate, time, delay }),
      0,
    );
    const read = amperes + random.gaussian(noise);
    return [volts + random.gaussian(VOLTAGE_NOISE), Math.min(limit, Math.max(-limit, read))];
  });
}

interface Moment {
  volts: number;
  /** Slope of the ramp, V/s. */
  rate: number;
  time: number;
  delay: number | undefined;
}

function pixelCurrent(bench: Bench, { cell, contact }: Pixel, { volts, rate, time, delay }: Moment): number {
  if (contact === 'open') return 0;
  // A forward ramp moves no photogenerated charge out of the film.
  const extraction = extractionOf(REFERENCE_FILM, cell.area, Math.abs(rate), rate < 0 ? delay : undefined);
  const capacitance = extraction.j0 / Math.abs(rate);
  const riseTime =
    REFERENCE_FILM.riseTime + (contact === 'high resistance' ? HIGH_RESISTANCE * capacitance : 0);
  const displaced = Math.sign(rate) * extractionCurrent(extraction, riseTime, time);
  const short = contact === 'shorted' ? volts / SHORT_RESISTANCE : 0;
  return displaced + short - steadyCurrent(bench, cell, volts);
}

/**
 * Current by injection above 0 V, and photocurrent of light that is not pulsed; leakage below 0 V is left out.
 */
function steadyCurrent(bench: Bench, cell: Pixel['cell'], volts: number): number {
  if (volts <= 0 && bench.suns === 0) return 0;
  const diode = diodeOf(cell, { suns: bench.suns, celsius: bench.stage.celsius });
  return currentDensity(diode, volts) * cell.area;
}
