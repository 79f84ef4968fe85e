import type { Bench } from '../bench.ts';
import { celivTrace, type Ramp, type TraceRow } from '../physics/celiv-trace.ts';
import { type CelivParameters, celivParameters } from './photo-celiv-analysis.ts';
import { type CelivSettings, celivDelays } from './photo-celiv-settings.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { Timeline } from './timeline.ts';

/** s: time to evaluate and store a delay after its last transient. */
const TRANSFER = 1;
/** s: time to arm the scope again. */
const REARM = 1e-4;
/** Number of steps in which the averaging becomes visible. */
const PIECES = 10;
/** Readings per ramp of the fast probes. */
const READINGS = 1000;
/** s: shortest interval of readings of the fast and of the slow probes. */
const INTERVAL = { fast: 1e-8, slow: 1e-6 };
/** Current limits for the older software's range indices, A, from the lowest documented one upwards. */
const RANGES = [0.05, 0.5, 1];

/** The data of one delay. */
export interface CelivDelay {
  readonly delay: number;
  readonly rows: readonly TraceRow[];
  readonly parameters: CelivParameters;
}

/**
 * Photo-CELIV: for each delay, transients are averaged; then the data of that delay replaces the one before.
 */
export class CelivMeasurement implements Measurement {
  readonly #settings: CelivSettings;
  readonly #bench: Bench;
  readonly #start: MeasurementStart;
  readonly #keep: (delay: CelivDelay) => void;
  readonly #delays: readonly number[];
  readonly #timeline: Timeline;
  #done = 0;
  #averaged = 0;

  /** @param keep receives the data of each delay when it is complete */
  constructor(
    settings: CelivSettings,
    bench: Bench,
    start: MeasurementStart,
    keep: (delay: CelivDelay) => void,
  ) {
    this.#settings = settings;
    this.#bench = bench;
    this.#start = start;
    this.#keep = keep;
    this.#delays = celivDelays(settings);
    this.#timeline = new Timeline(start.time, this.#steps(), (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    return (100 * (this.#done + this.#averaged)) / this.#delays.length;
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  progress(): unknown {
    return {
      total_delays: this.#delays.length,
      delays_done: this.#done,
      averaging_pct: Number((100 * this.#averaged).toFixed(2)),
    };
  }

  *#steps(): Generator<number, void> {
    const { output } = this.#settings;
    for (const delay of this.#delays) {
      const once =
        output['Pulse Width (s)'] + delay + output['V Ramp']['Duration (s)'] + output['Delay (s)'] + REARM;
      for (let piece = 1; piece <= PIECES; piece++) {
        yield (once * output.Averages) / PIECES;
        this.#averaged = piece / PIECES;
      }
      const data = this.#measure(delay);
      yield TRANSFER;
      this.#keep(data);
      this.#done++;
      this.#averaged = 0;
    }
  }

  #measure(delay: number): CelivDelay {
    const { output, device_thickness_m: thickness, instrument } = this.#settings;
    const ramp: Ramp = {
      from: output['V Ramp']['Start (V)'],
      to: output['V Ramp']['End (V)'],
      duration: output['V Ramp']['Duration (s)'],
    };
    const fastest = instrument.type === 'Slow' ? INTERVAL.slow : INTERVAL.fast;
    const interval = Math.max(fastest, ramp.duration / READINGS);
    const dark = 'Dark-CELIV' in output && output['Dark-CELIV'];
    const rows = celivTrace(this.#bench, ramp, {
      delay: dark ? undefined : delay,
      interval,
      averages: output.Averages,
      limit: currentLimit(instrument),
      random: this.#start.random,
    });
    return { delay, rows, parameters: celivParameters(rows, ramp, { delay, interval, thickness }) };
  }
}

function currentLimit({ type, config }: CelivSettings['instrument']): number {
  if ('Range' in config) return RANGES[config.Range] ?? 1;
  return (type === 'Slow' ? config.compliance : config.range)?.value ?? 1;
}
