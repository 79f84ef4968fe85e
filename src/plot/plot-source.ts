import type { Dataset } from '../science/dataset.ts';
import type { Metric } from '../science/metrics/metric.ts';

/** One measurement, as a picture needs it. */
export interface PlotSource {
  id: string;
  /** The routine by our name for it. */
  routine: string;
  deviceName: string | null;
  /** UTC, ISO 8601. */
  startedAt: string;
  simulated: boolean;
  /** Settings in force when it was measured. */
  settings: Readonly<Record<string, unknown>> | null;
  dataset: Dataset;
  metrics: readonly Metric[];
}
