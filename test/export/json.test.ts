import { expect, it } from 'vitest';
import * as z from 'zod';
import { recordSchema } from '../../src/archive/record.ts';
import { toJson } from '../../src/export/json.ts';
import { datasetOf, recordOf, scanOf } from './sources.ts';

const dataset = datasetOf('IPCE', [scanOf('a\tb', [['EQE', '%', 19.3, null]])]);

it('record and data stand in one object, as they are', () => {
  const record = recordOf('IPCE', { device_name: 'x\n"y"' });
  const read = z.looseObject({ measurement: recordSchema }).parse(JSON.parse(toJson(record, dataset)));
  expect(read.measurement).toEqual(record);
  expect(read).toMatchObject({ format: 'arkeo-mcp export', format_version: 1, simulated: false, dataset });
  expect(read).not.toHaveProperty('notice');
});

it('simulated data says so first', () => {
  const text = toJson(recordOf('IPCE', { simulated: true, simulator: 'arkeo-mcp 0.1.0' }), dataset);
  expect(text.indexOf('SIMULATED by arkeo-mcp 0.1.0')).toBeLessThan(text.indexOf('measurement'));
});
