import type { Scan } from '../dataset.ts';
import type { Transient } from './celiv-transient.ts';
import type { Metric } from './metric.ts';

/** Acquisition conditions of the transients. Unknown members are undefined. */
export interface CelivConditions {
  /** Thickness of the film, m. */
  thickness: number | undefined;
  /** V. */
  rampStart: number | undefined;
  rampEnd: number | undefined;
  /** s. */
  rampDuration: number | undefined;
  /** Number of delays that the settings ask for. */
  delaysAsked: number | undefined;
  /** Largest current that can be measured, A. */
  currentLimit: number | undefined;
  areaCm2: number | undefined;
  /** False without light pulses. */
  light: boolean;
}

/** One delay: the instrument's own results and those read from the curve. */
export interface CelivResult {
  scan: Scan;
  transient: Transient;
  /** V/s. */
  rampRate: number | undefined;
  /** Time of the last reading, s. */
  duration: number | undefined;
  /** Largest current as sent, A. */
  largest: number;
  metrics: Metric[];
}
