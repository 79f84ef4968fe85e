/** One figure computed from a dataset. */
export interface Metric {
  /** Stable name, e.g. `voc`, `fill_factor`. */
  name: string;
  /** Null if the data does not determine the value. */
  value: number | null;
  unit: string;
  /** Meaning of the value, if a number alone does not convey it: `high resistance`. */
  words?: string | undefined;
  /** Label of the scan to which the figure belongs; undefined for the dataset as a whole. */
  scan?: string | undefined;
  /** Method of computation, e.g. `linear interpolation at J = 0`. */
  method: string;
  /** Increases whenever the same data would give another value. */
  version: number;
  /** One standard deviation, if a fit gives one. */
  uncertainty?: number | undefined;
  /** The instrument's own value, in the same unit. */
  reported?: number | undefined;
}

export interface Analysis {
  metrics: Metric[];
  /** Objections that a specialist would raise, one sentence each. */
  warnings: string[];
}

/**
 * Knowledge beyond the data that the analysis of a dataset may need. All members are optional: unknown is
 * unknown.
 */
export interface AnalysisContext {
  /** The applied settings, as the instrument returned them. */
  settings?: Readonly<Record<string, unknown>> | undefined;
  areaCm2?: number | undefined;
  temperatureC?: number | undefined;
  /** Irradiance on the sample, mW/cm², if the settings do not tell. */
  irradiance?: number | undefined;
  /** Last replies to the routine's own commands, by command name: count rates, for example. */
  replies?: Readonly<Record<string, unknown>> | undefined;
}

/** Optional members of a metric. Undefined ones are left out, and so is an uncertainty of zero. */
type MetricDetails = Partial<Pick<Metric, 'version' | 'uncertainty' | 'reported' | 'words'>>;
export type MakeMetric = (
  name: string,
  value: number | null | undefined,
  unit: string,
  method: string,
  details?: MetricDetails,
) => Metric;

/**
 * Makes the metrics of a scan, or of the dataset as a whole. A value that is not a finite number becomes null.
 */
export function metricOf(scan?: string): MakeMetric {
  return (name, value, unit, method, { version = 1, uncertainty, reported, words } = {}) => {
    const known = typeof value === 'number' && Number.isFinite(value);
    return {
      name,
      value: known ? value : null,
      unit,
      ...(words === undefined ? {} : { words }),
      ...(scan === undefined ? {} : { scan }),
      method,
      version,
      ...(known && uncertainty !== undefined && Number.isFinite(uncertainty) ? { uncertainty } : {}),
      ...(reported === undefined ? {} : { reported }),
    };
  };
}

/**
 * Makes a sentence for each figure whose value differs from the instrument's by more than the fraction
 * `tolerance`.
 */
export function disagreements(metrics: readonly Metric[], tolerance: number): string[] {
  return metrics.flatMap(({ name, scan, value, reported, unit }) => {
    if (value === null || reported === undefined || !Number.isFinite(reported)) return [];
    const scale = Math.max(Math.abs(value), Math.abs(reported));
    if (scale === 0 || Math.abs(value - reported) <= tolerance * scale) return [];
    const where = scan === undefined ? '' : ` (${scan})`;
    return [
      `${name}${where}: computed ${value.toPrecision(4)} ${unit}, the instrument says ${reported.toPrecision(4)} ${unit}`,
    ];
  });
}
