import type { Applied } from '../archive/applied.ts';
import type { Dataset } from '../science/dataset.ts';
import type { Metric } from '../science/metrics/metric.ts';

/** One measurement, in the form that a picture needs. */
export interface PlotSource {
  id: string;
  /** Our name for the routine. */
  routine: string;
  deviceName: string | null;
  /** UTC, ISO 8601. */
  startedAt: string;
  simulated: boolean;
  /** Settings that applied to the measurement. */
  settings: Readonly<Record<string, unknown>> | null;
  /** Null where the record tells nothing of it. */
  applied: Applied | null;
  dataset: Dataset;
  metrics: readonly Metric[];
}
