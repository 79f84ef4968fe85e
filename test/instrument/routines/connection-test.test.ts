import { describe, expect, it } from 'vitest';
import { kindOf, toolName } from '../../../src/instrument/command.ts';
import { connectionTest } from '../../../src/instrument/routines/connection-test.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';

const DOCUMENTED = {
  'Device Name': 'SMU',
  Device_General: { Mode: 'Constant Voltage', 'Sample Rate (S/s)': 10, Autorange: true },
  Device_Specific: { 'Current limit (A)': 0.01, 'Voltage Limit (V)': 6 },
};

describe('Connection Test', () => {
  it('has one row of live values, here of nothing yet', () => {
    const dataset = connectionTest.dataset(wireData('connection-test-data.txt'));
    expect(headingsOf(dataset.scans[0])).toEqual([
      ['Voltage', 'V'],
      ['Current', 'A'],
    ]);
    expect(rowOf(dataset.scans[0], 0)).toEqual([0, 0]);
    expect(connectionTest.analyse(dataset, { settings: DOCUMENTED })).toMatchObject({
      metrics: [{ name: 'contact_ok', value: null }, { value: null }],
      warnings: [expect.stringContaining('undetermined')],
    });
  });

  it('takes the limits from its settings', () => {
    const dataset = connectionTest.dataset({ 'Voltage (V)': 0.06, 'Current (A)': -0.0299 });
    const settings = (limit: number) => ({
      ...DOCUMENTED,
      Device_Specific: { 'Current limit (A)': limit, 'Voltage Limit (V)': 6 },
    });
    expect(connectionTest.analyse(dataset, { settings: settings(0.03) }).warnings).toEqual([
      expect.stringContaining('contact short'),
    ]);
  });

  it('is refused where it is something else, and empty before the first point', () => {
    expect(() => connectionTest.dataset({ 'Voltage (V)': 1 })).toThrow('Current');
    expect(connectionTest.dataset({}).scans).toEqual([]);
  });

  it('has documented settings, with whatever else a unit has (row 42)', () => {
    const [form] = connectionTest.settings;
    expect(form?.schema.safeParse(DOCUMENTED).success).toBe(true);
    expect(form?.schema.safeParse({ ...DOCUMENTED, 'Device Name': 'Keithley24xx', port: 1 }).success).toBe(
      true,
    );
  });

  it('sets an output, which only 0 takes energy out of', () => {
    const [setOutput] = connectionTest.commands;
    if (setOutput === undefined) throw new Error('no command');
    expect(toolName(setOutput)).toBe('connection_test_set_output');
    expect([0, 0.1, -0.1].map((output) => kindOf(setOutput, { output }))).toEqual([
      'safety',
      'actuate',
      'actuate',
    ]);
  });
});
