import { describe, expect, it } from 'vitest';
import { kindOf, toolName } from '../../../src/instrument/command.ts';
import { tcspcCommands } from '../../../src/instrument/routines/tcspc-commands.ts';
import { tcspc, withRates } from '../../../src/instrument/routines/tcspc.ts';
import { commands } from '../../../src/instrument/commands/index.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';
import { findRoutine } from '../../helpers/all-in-one.ts';

const { GetRates, SetLaser } = tcspcCommands;

describe('TCSPC data', () => {
  it('has times from Offset and Resolution, in ns (row 40)', () => {
    const { scans, notes } = tcspc.dataset(wireData('tcspc-data.txt'));
    expect(headingsOf(scans[0])).toEqual([
      ['Time', 'ns'],
      ['Counts', ''],
    ]);
    expect(scans[0]?.columns[0]?.values).toHaveLength(7);
    expect(rowOf(scans[0], 1)).toEqual([0.025, 7]);
    expect(rowOf(scans[0], 3)).toEqual([0.075, 8]);
    expect(notes).toEqual([]);
  });

  it('takes an offset, and bins that are no number as missing', () => {
    const { scans } = tcspc.dataset({ Offset: 2, Resolution: 0.5, Histogram: [1, Number.NaN, '3'] });
    expect([0, 1, 2].map((row) => rowOf(scans[0], row))).toEqual([
      [2, 1],
      [2.5, null],
      [3, 3],
    ]);
  });

  it('is none yet without bins, and refused without a resolution', () => {
    expect(tcspc.dataset({ Offset: 0, Resolution: 0.025, Histogram: [] }).scans).toEqual([]);
    expect(() => tcspc.dataset({ Offset: 0, Resolution: 0, Histogram: [1] })).toThrow('Resolution');
    expect(() => tcspc.dataset({ Offset: 0, Histogram: [1] })).toThrow('Resolution');
  });

  it('of seven bins is flat, and analysed without an error', () => {
    const data = tcspc.dataset(wireData('tcspc-data.txt'));
    expect(tcspc.analyse(data, {}).warnings).toEqual([expect.stringContaining('flat')]);
  });

  it('is judged for pile-up where the rates are known (row 51)', () => {
    const data = tcspc.dataset(wireData('tcspc-data.txt'));
    const warningsAt = (ratio: number) =>
      tcspc.analyse(withRates(data, { syncRate: 1e7, inputRate: ratio * 1e7, ratio }), {}).warnings;
    expect(warningsAt(0.009)).toHaveLength(1);
    expect(warningsAt(0.02)).toContainEqual(expect.stringMatching(/^2\.0 %.*begins/));
    expect(warningsAt(0.06)).toContainEqual(expect.stringMatching(/^6\.0 %.*too short/));
  });
});

describe('TCSPC custom commands', () => {
  it('give the ratio as a fraction and show it in % (rows 40, 51)', () => {
    const rates = GetRates.result.parse(wireData('tcspc-rates.txt'));
    expect(rates).toEqual({ syncRate: 10000370, inputRate: 193650, ratio: 193650 / 10000370 });
    expect(GetRates.summary(rates, {})).toBe(
      'Laser pulses 10 MHz, photons 193650 per s. The ratio is 1.94 %: above 1 % pile-up begins; weaken the laser.',
    );
  });

  it.each([
    [{ sync_rate: 1e7, input_rate: 50_000, ratio: 0.5 }, '0.5 %: no pile-up'],
    [{ sync_rate: 1e7, input_rate: 800_000, ratio: 8 }, '8 %: too much light'],
    [{ sync_rate: 0, input_rate: 60, ratio: Number.POSITIVE_INFINITY }, 'its key is'],
    [{ input_rate: 60, ratio: Number.NaN }, 'ratio is not known'],
  ])('take the ratio from the rates, whatever is shown: %j (row 40)', (data, text) => {
    expect(GetRates.summary(GetRates.result.parse(data), {})).toContain(text);
  });

  it('send the laser switch with and without a port, as given (row 28)', () => {
    expect(SetLaser).not.toHaveProperty('prepare');
    expect(SetLaser.parameter.parse({ laser: true })).toEqual({ laser: true });
    expect(SetLaser.parameter.parse({ laser: true, port_id: 7 })).toEqual({ laser: true, port_id: 7 });
    expect(SetLaser.parameter.safeParse({ laser: 1 }).success).toBe(false);
  });

  it('treat switching off as safety, and have names of their own', () => {
    expect(kindOf(SetLaser, { laser: true })).toBe('actuate');
    expect(kindOf(SetLaser, { laser: false, port_id: 7 })).toBe('safety');
    expect([GetRates, SetLaser].map((command) => toolName(command))).toEqual([
      'tcspc_get_rates',
      'tcspc_set_laser',
    ]);
    expect(SetLaser.description).toContain('key');
  });
});

describe('TCSPC', () => {
  it('reads its state under either name (row 22), and progress where there is one', () => {
    expect(commands.ROUTINE.GetTestStatus.result.parse({ state: 'Running', progress: null }).status).toBe(
      'Running',
    );
    expect(tcspc.progress({ progres_pct: 41.6 })).toMatch(/^42 %/);
    expect(tcspc.progress(null)).toBeUndefined();
  });

  it('passes its settings through', () => {
    expect(tcspc.settings).toEqual([]);
    expect(findRoutine('tcspc')).toBe(tcspc);
  });
});
