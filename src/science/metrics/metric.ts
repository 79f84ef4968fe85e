/** One figure computed from a dataset. */
export interface Metric {
  /** Stable name, e.g. `voc`, `fill_factor`. */
  name: string;
  /** Null where the data does not determine it. */
  value: number | null;
  unit: string;
  /** What the value means, where a number alone does not say it: `high resistance`. */
  words?: string | undefined;
  /** The scan it belongs to, by label; undefined for the dataset as a whole. */
  scan?: string | undefined;
  /** How it was computed, e.g. `linear interpolation at J = 0`. */
  method: string;
  /** Counts up whenever the same data would give another value. */
  version: number;
  /** One standard deviation, where a fit gives one. */
  uncertainty?: number | undefined;
  /** The instrument's own value, in the same unit. */
  reported?: number | undefined;
}

export interface Analysis {
  metrics: Metric[];
  /** What a specialist would object to. One sentence each. */
  warnings: string[];
}

/** What the analysis of a dataset may need to know beyond the data. All optional: unknown is unknown. */
export interface AnalysisContext {
  /** The settings in force, as the instrument returned them. */
  settings?: Readonly<Record<string, unknown>> | undefined;
  areaCm2?: number | undefined;
  temperatureC?: number | undefined;
  /** On the sample, mW/cm², where the settings do not tell. */
  irradiance?: number | undefined;
  /** Last answers to the routine's own commands, by command name: count rates, for example. */
  replies?: Readonly<Record<string, unknown>> | undefined;
}

/** What some metrics have and others have not. What is undefined is left out, and so is an uncertainty of nothing. */
type MetricDetails = Partial<Pick<Metric, 'version' | 'uncertainty' | 'reported' | 'words'>>;
export type MakeMetric = (
  name: string,
  value: number | null | undefined,
  unit: string,
  method: string,
  details?: MetricDetails,
) => Metric;

/** Makes the metrics of a scan, or of the dataset as a whole. A value that is not a finite number becomes null. */
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

/** Where our value and the instrument's differ by more than the share `tolerance`: a sentence for each. */
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
