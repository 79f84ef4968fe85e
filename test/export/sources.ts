import type { MeasurementRecord } from '../../src/archive/record.ts';
import type { Column, Dataset, Scan } from '../../src/science/dataset.ts';

export function recordOf(routine: string, more: Partial<MeasurementRecord> = {}): MeasurementRecord {
  return {
    format: 'arkeo-mcp measurement',
    format_version: 1,
    id: 'm1',
    state: 'complete',
    tool: 'measure_jv',
    request: {},
    routine,
    device_name: 'B12-P3',
    user_name: 'Lab',
    area_cm2: 0.1,
    area_source: 'stated',
    note: null,
    started_at: '2026-05-04T12:45:46.123Z',
    ended_at: '2026-05-04T12:46:01.000Z',
    simulated: false,
    simulator: null,
    instrument: '127.0.0.1:6360',
    software: { name: 'arkeo-mcp', version: '0.1.0', node: 'v20.19.0' },
    process: { host: 'lab', pid: 1 },
    settings: { scan_settings: { scan: { 'Start (V)': -0.2 } } },
    applied: null,
    conditions: null,
    start: null,
    conditions_after: null,
    metrics: [],
    warnings: [],
    failure: null,
    data_before: null,
    partial: false,
    recovered_at: null,
    files: [],
    unwritten: [],
    ...more,
  };
}

export function scanOf(
  label: string,
  columns: readonly (readonly [name: string, unit: string, ...values: (number | null)[]])[],
  more: Partial<Scan> = {},
): Scan {
  return {
    label,
    conditions: {},
    reported: {},
    columns: columns.map(([name, unit, ...values]): Column => ({ name, unit, values })),
    ...more,
  };
}

export function datasetOf(routine: string, scans: Scan[]): Dataset {
  return { routine, info: {}, scans, notes: [] };
}
