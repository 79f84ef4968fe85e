import { describe, expect, it } from 'vitest';
import { toolName } from '../../../src/instrument/command.ts';
import { resistivity } from '../../../src/instrument/routines/resistivity.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';

const DOCUMENTED = {
  acquisition: { 'V limit': 10 },
  device_dimension: { 'Film Thickness (um)': 100, 'Length (mm)': 100, 'Width (mm)': 25 },
};

describe('Resistivity data', () => {
  const dataset = resistivity.dataset(wireData('resistivity-data.txt'));

  it('is one row of live values', () => {
    expect(headingsOf(dataset.scans[0])).toEqual([
      ['Voltage', 'V'],
      ['Current', 'A'],
      ['Sheet resistance', 'Ω/□'],
      ['Corrected sheet resistance', 'Ω/□'],
    ]);
    expect(rowOf(dataset.scans[0], 0)).toEqual([1.0234583, 0.0326584, 142.036401224255, 139.3518173728]);
  });

  it('agrees with π/ln2·V/I to all digits, and with our correction to what the probe spacing allows', () => {
    const { metrics, warnings } = resistivity.analyse(dataset, { settings: DOCUMENTED });
    const [sheet, factor, corrected] = metrics;
    expect(sheet?.value).toBeCloseTo(142.036401224255, 9);
    expect(sheet?.reported).toBe(142.036401224255);
    // The documented factor, with a probe spacing that it does not give: 1 mm is assumed here.
    expect(Math.abs((factor?.value ?? 0) - 0.9811)).toBeLessThan(0.01);
    expect(corrected?.reported).toBe(139.3518173728);
    // 1 V at 33 mA is 33 mW in the film.
    expect(warnings).toEqual([expect.stringContaining('33 mW')]);
  });

  it('is missing where the instrument has no number, and refused where it is something else', () => {
    const { scans } = resistivity.dataset({
      'Voltage (V)': '2E-6',
      'Current (A)': 0,
      '2D Sheet resistance (Ohm/Sq)': Number.POSITIVE_INFINITY,
    });
    expect(rowOf(scans[0], 0)).toEqual([2e-6, 0, null]);
    expect(() => resistivity.dataset({ scans: [] })).toThrow('Voltage');
    expect(resistivity.dataset({}).scans).toEqual([]);
  });
});

describe('Resistivity settings', () => {
  const formOf = (settings: unknown) =>
    resistivity.settings.find(({ schema }) => schema.safeParse(settings).success)?.name;

  it('are documented, or there are none and the commands do it (row 32)', () => {
    expect(formOf(DOCUMENTED)).toBe('newest');
    expect(formOf({})).toContain('SetDeviceDimensions');
    const { metrics } = resistivity.analyse(resistivity.dataset(wireData('resistivity-data.txt')), {
      settings: {},
    });
    expect(metrics.find(({ name }) => name === 'correction_factor')).toMatchObject({
      value: null,
      method: expect.stringContaining('not known'),
    });
  });
});

describe('Resistivity commands', () => {
  it('have the documented names and limits', () => {
    expect(resistivity.commands.map((command) => [toolName(command), command.kind])).toEqual([
      ['resistivity_apply_current', 'actuate'],
      ['resistivity_set_device_dimensions', 'configure'],
    ]);
    const [apply, dimensions] = resistivity.commands;
    const accepts = (current: number) => apply?.parameter.safeParse({ current }).success;
    expect([1e-10, 1e-9, 0.1, 0.2].map(accepts)).toEqual([false, true, true, false]);
    expect(dimensions?.parameter.safeParse({ thickness: 0.5, length: 25, width: 25 }).success).toBe(true);
  });
});
