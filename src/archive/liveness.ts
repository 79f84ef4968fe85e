import type { MeasurementRecord } from './record.ts';

/** How often a process shows that it still measures, by the time of change of `measurement.json`. */
export const HEARTBEAT_MS = 5_000;
const SILENT_MS = 60_000;

export interface Observer {
  now: () => Date;
  host: string;
  /** Whether a process of this host lives. */
  isAlive: (pid: number) => boolean;
}

/**
 * Whether the process that began the measurement still lives. On this host its number tells at once; on another one,
 * and where the number went to another process since, the heartbeat does.
 */
export function isMeasuring(
  { process }: Pick<MeasurementRecord, 'process'>,
  heartbeat: Date,
  { now, host, isAlive }: Observer,
): boolean {
  if (process.host === host && !isAlive(process.pid)) return false;
  return now().getTime() - heartbeat.getTime() <= SILENT_MS;
}
