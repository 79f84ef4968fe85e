import type { Scan } from '../dataset.ts';
import type { Transient } from './celiv-transient.ts';
import type { Metric } from './metric.ts';

/** What is known of how the transients were taken. Unknown stays undefined. */
export interface CelivConditions {
  /** Of the film, m. */
  thickness: number | undefined;
  /** V. */
  rampStart: number | undefined;
  rampEnd: number | undefined;
  /** s. */
  rampDuration: number | undefined;
  /** Delays that the settings ask for. */
  delaysAsked: number | undefined;
  /** Largest current that can be measured, A. */
  currentLimit: number | undefined;
  areaCm2: number | undefined;
  /** False without light pulses. */
  light: boolean;
}

/** One delay: what the instrument says and what the curve says. */
export interface CelivResult {
  scan: Scan;
  transient: Transient;
  /** V/s. */
  rampRate: number | undefined;
  /** s, of the last reading. */
  duration: number | undefined;
  /** Largest current as sent, A. */
  largest: number;
  metrics: Metric[];
}
