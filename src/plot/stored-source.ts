import type { Dataset } from '../science/dataset.ts';
import type { StoredMeasurement } from '../archive/archive.ts';
import type { PlotSource } from './plot-source.ts';

/** Converts a stored measurement to the form that a picture needs. */
export function storedSource({ record }: StoredMeasurement, dataset: Dataset): PlotSource {
  const {
    id,
    routine,
    device_name: deviceName,
    started_at: startedAt,
    simulated,
    settings,
    applied,
    metrics,
  } = record;
  return { id, routine, deviceName, startedAt, simulated, settings, applied, dataset, metrics };
}
