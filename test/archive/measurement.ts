import type { RecordDraft } from '../../src/archive/archive.ts';
import type { Dataset } from '../../src/science/dataset.ts';

export function draft(changes: Partial<RecordDraft> = {}): RecordDraft {
  return {
    tool: 'measure_jv',
    request: { device: 'Cell A' },
    routine: 'JV',
    device_name: 'Cell A',
    user_name: 'Ada',
    area_cm2: 0.09,
    area_source: 'stated',
    simulated: false,
    simulator: null,
    instrument: '127.0.0.1:6340',
    software: { name: 'arkeo-mcp', version: '0.1.0', node: 'v20' },
    settings: { Points: 3 },
    conditions: null,
    ...changes,
  };
}

export function dataset(factor = 1): Dataset {
  return {
    routine: 'JV',
    info: { device: 'Cell A', areaCm2: 0.09 },
    scans: [
      {
        label: 'Forward',
        direction: 'forward',
        conditions: { Light: { value: 1, unit: 'sun' } },
        columns: [
          { name: 'Voltage', unit: 'V', values: [0, 0.5, 1] },
          { name: 'Current density', unit: 'mA/cm²', values: [-20 * factor, null, 5 * factor] },
        ],
        reported: { voc: { value: 0.9, unit: 'V' } },
      },
    ],
    notes: [],
  };
}

/** Not UTF-8, and not JSON: kept as it is. */
export const REPLY = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0xb5, 0x4e, 0x61, 0x4e, 0x7d, 0x0d, 0x0a]);
