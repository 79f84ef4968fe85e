import type { Dataset, Scan } from '../science/dataset.ts';
import type { Metric } from '../science/metrics/metric.ts';
import { VERSION } from '../version.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import { type Leaf, leavesOf } from '../text/leaves.ts';
import { heading, keyCell, numberCell, sectionLine, textCell } from './arkeo-cells.ts';
import { dataTable, inFileUnit, type NamedScan, namedScans } from './arkeo-columns.ts';

/** Names of our JV figures in the instrument's files, in their order. */
const PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['voc', 'Voc'],
  ['jsc', 'Jsc'],
  ['fill_factor', 'FF'],
  ['efficiency', 'Eff'],
  ['v_mpp', 'Vmpp'],
  ['j_mpp', 'Jmpp'],
  ['p_mpp', 'Pmpp'],
  ['r_series', 'Rs'],
  ['r_shunt', 'R//'],
]);

/**
 * Writes a measurement in the form of the instrument's own text files: header, parameters and a table, tab
 * separated, UTF-8, CRLF. Current densities are in A/cm²; the parameters are our figures. Text that a person
 * typed can never end a cell, a line or a section.
 */
export function toArkeoText(record: MeasurementRecord, dataset: Dataset): string {
  const scans = namedScans(dataset);
  return [
    '## Header ##',
    ...generalInfo(record),
    ...valueSection(`${record.routine} Settings`, leavesOf(record.settings ?? {})),
    ...section('Applied', appliedLines(record)),
    ...valueSection('Conditions', leavesOf(record.conditions ?? {})),
    ...section(
      'Scans',
      scans.map(({ scan, tag, title }) => [tag === '' ? title : tag, describeScan(scan)]),
    ),
    ...parameterPart(record, scans),
    '## Data ##',
    ...dataTable(scans).map((row) => row.join('\t')),
    '',
  ].join('\r\n');
}

/** Values with what they rest on, and what was switched on: `laser_percent`, `10 %, asked`. */
function appliedLines({ applied }: MeasurementRecord): [key: string, value: string][] {
  return [
    ...Object.entries(applied?.values ?? {}).flatMap(
      ([name, { value, unit, source }]): [string, string][] => {
        if (value === null) return [];
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        return [[name, `${text}${unit === '' ? '' : ` ${unit}`}, ${source}`]];
      },
    ),
    ...(applied?.switched_on ?? []).map(({ what, detail, on_at, off_at, off }): [string, string] => [
      `Switched on: ${what}`,
      `${detail}, on ${on_at}, off ${off_at ?? 'unknown'}${off === null ? '' : ` (${off})`}`,
    ]),
  ];
}

function generalInfo(record: MeasurementRecord): string[] {
  const [date = '', time = ''] = record.started_at.split('T');
  const by = record.simulator ?? 'a simulator';
  const simulated = `SIMULATED by ${by}, not measured on an instrument`;
  return section('General info', [
    ['User', record.user_name ?? ''],
    ['Device', record.device_name ?? ''],
    ['Cell area (cm2)', record.area_cm2 === null ? '' : String(record.area_cm2)],
    ['Test', record.routine],
    ['Date', date],
    ['Time', time.slice(0, 8)],
    // Readers that know only the instrument's own keys read this one.
    ['Note', [...(record.simulated ? [`${simulated}.`] : []), record.note ?? ''].join(' ')],
    ['Time zone', 'UTC'],
    ['Exported by', `arkeo-mcp ${VERSION}, which also computed the parameters`],
    ['Measurement', `${record.id}, ${record.state}`],
    ...(record.simulated ? [['Simulated', simulated] as const] : []),
  ]);
}

function section(name: string, lines: readonly (readonly [key: string, value: string])[]): string[] {
  if (lines.length === 0) return [];
  return [sectionLine(name), ...lines.map(([key, value]) => `${keyCell(key)}\t${textCell(value)}`)];
}

/**
 * Writes values under their own names, as in the instrument's files; if two share a name, their paths are
 * added.
 */
function valueSection(name: string, leaves: readonly Leaf[]): string[] {
  const own = leaves.map(({ path }) => path.at(-1) ?? '');
  const lines = leaves.map(({ path, value }, i): readonly [string, string] => {
    const isOnly = own.indexOf(own[i] ?? '') === own.lastIndexOf(own[i] ?? '');
    return [isOnly ? (own[i] ?? '') : path.join(': '), value === null ? '' : String(value)];
  });
  return section(
    name,
    lines.filter(([key]) => key !== ''),
  );
}

/** Describes a scan: `forward, light 1 sun`. */
function describeScan({ label, conditions }: Scan): string {
  const told = Object.entries(conditions).map(([name, { value, unit }]) =>
    `${name} ${value ?? 'unknown'} ${unit}`.trim(),
  );
  return [label, ...told].join(', ');
}

function parameterPart({ metrics }: MeasurementRecord, scans: readonly NamedScan[]): string[] {
  if (metrics.length === 0) return [];
  // Some figures name their scan by its label alone.
  const nameOf = ({ name, scan }: NamedScan): string =>
    metrics.some((metric) => metric.scan === name) ? name : scan.label;
  const known = new Set(scans.map(nameOf));
  return [
    '## Parameters ##',
    ...scans.flatMap((named) =>
      parameters(
        named.title,
        metrics.filter(({ scan }) => scan === nameOf(named)),
      ),
    ),
    ...parameters(
      'General',
      metrics.filter(({ scan }) => scan === undefined || !known.has(scan)),
    ),
  ];
}

function parameters(title: string, metrics: readonly Metric[]): string[] {
  const order = [...PARAMETERS.keys()];
  const rank = ({ name }: Metric): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return section(
    title,
    metrics
      .toSorted((a, b) => rank(a) - rank(b))
      .map(({ name, scan, unit, value }) => {
        const { unit: written, scale } = inFileUnit(unit);
        const known = PARAMETERS.get(name) ?? name;
        const key = title === 'General' && scan !== undefined ? `${known} of ${scan}` : known;
        return [heading(key, written), numberCell(value === null ? null : value * scale)];
      }),
  );
}
