import type { Bench } from '../bench.ts';
import { arrivalTimes, BINS, drawBin, inputRate, poisson, type Scene } from '../physics/photon-counting.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { Timeline } from './timeline.ts';

/** A measurement stops at the first of two limits: counts in the histogram, or s. */
const STOP_AT = 1e6;
const LONGEST = 100;
/** s: interval at which laser, light and sample are looked at. */
const STEP = 0.1;

/** TCSPC: photons fall into the histogram until there are enough. */
export class TcspcMeasurement implements Measurement {
  /** Counts. */
  readonly histogram: number[] = Array.from({ length: BINS }, () => 0);
  readonly #timeline: Timeline;
  readonly #start: MeasurementStart;
  readonly #scene: () => Scene;
  #counts = 0;
  #elapsed = 0;

  /** @param scene returns the present light and sample before the detector */
  constructor(bench: Bench, start: MeasurementStart, scene: () => Scene) {
    this.#start = start;
    this.#scene = scene;
    this.#timeline = new Timeline(start.time, this.#steps(), (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    return 100 * Math.max(this.#counts / STOP_AT, this.#elapsed / LONGEST);
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  /** Progress. Undocumented for this routine; spelled like JV's. */
  progress(): unknown {
    return { progres_pct: Number(this.percent.toFixed(2)) };
  }

  *#steps(): Generator<number, void> {
    const { random } = this.#start;
    let known: { scene: Scene; times: Float64Array } | undefined;
    for (let step = 1; step <= LONGEST / STEP; step++) {
      yield STEP;
      this.#elapsed = step * STEP;
      const scene = this.#scene();
      if (known === undefined || !same(known.scene, scene)) known = { scene, times: arrivalTimes(scene) };
      const photons = Math.min(poisson(random, inputRate(scene) * STEP), STOP_AT - this.#counts);
      for (let i = 0; i < photons; i++) {
        const bin = drawBin(known.times, random);
        this.histogram[bin] = (this.histogram[bin] ?? 0) + 1;
      }
      this.#counts += photons;
      if (this.#counts >= STOP_AT) return;
    }
  }
}

function same(a: Scene, b: Scene): boolean {
  return a.laser === b.laser && a.glass === b.glass && a.suns === b.suns;
}
