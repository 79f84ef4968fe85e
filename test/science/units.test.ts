import { describe, expect, it } from 'vitest';
import { normaliseUnit, scaleBetween, splitHeading } from '../../src/science/units.ts';

describe('units', () => {
  it.each([
    ['A/cm^2', 'A/cm²'],
    ['A/cm2', 'A/cm²'],
    ['A/cmÂ²', 'A/cm²'],
    ['A/cm▓', 'A/cm²'],
    ['A/cm\ufffd', 'A/cm²'],
    ['mA/cm²', 'mA/cm²'],
    ['W/cm^2', 'W/cm²'],
    ['m^2/Vs', 'm²/Vs'],
    ['Ohm', 'Ω'],
    ['Ohm/Sq', 'Ω/□'],
    ['uW/cm2', 'µW/cm²'],
    ['µm', 'µm'],
    ['deg', '°'],
    [' V ', 'V'],
    ['', ''],
  ])('%j is written %j (row 13)', (sent, written) => {
    expect(normaliseUnit(sent)).toBe(written);
  });

  it('come out of a heading', () => {
    expect(splitHeading('J_DUT (A/cm2)')).toEqual({ name: 'J_DUT', unit: 'A/cm²' });
    expect(splitHeading('Voltage')).toEqual({ name: 'Voltage', unit: '' });
  });

  it('differ by a prefix or not at all', () => {
    expect(scaleBetween('A/cm²', 'mA/cm²')).toBeCloseTo(1000, 9);
    expect(scaleBetween('µW/cm²', 'W/cm²')).toBeCloseTo(1e-6, 15);
    expect(scaleBetween('V', 'A')).toBeUndefined();
    expect(scaleBetween('m', 'm')).toBe(1);
  });
});
