import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { photoCeliv } from '../../../src/instrument/routines/photo-celiv.ts';
import { readRoutineStatus } from '../../../src/instrument/routine-status.ts';
import { decodeReply } from '../../../src/protocol/envelope.ts';
import { headingsOf, rowOf, wireData } from './fixture.ts';
import { findRoutine } from '../../helpers/all-in-one.ts';

const statusReply = z.unknown().transform(readRoutineStatus);
const analyse = (data: unknown, settings: Record<string, unknown> = {}) =>
  photoCeliv.analyse(photoCeliv.dataset(data), { settings });
const metric = ({ metrics }: ReturnType<typeof analyse>, name: string) =>
  metrics.find((candidate) => candidate.name === name);

/** Rows of an ideal reverse ramp of 5000 V/s, with the current as a function of time. */
function ramp(current: (time: number) => number, end = -1): number[][] {
  return Array.from({ length: 201 }, (_, i) => [(end * i) / 200, current(i * 1e-6)]);
}

describe('Photo-CELIV data', () => {
  it('is one scan, labelled by its delay, with the parameters of the instrument (rows 35, 38)', () => {
    const { scans, info, notes } = photoCeliv.dataset(wireData('celiv-data.txt'));
    expect(scans).toHaveLength(1);
    expect(scans[0]).toMatchObject({
      label: 'delay 100 µs',
      conditions: { delay: { value: 1e-4, unit: 's' } },
      reported: {
        delay: { value: 1e-4, unit: 's' },
        t_max: { value: 7.53e-5, unit: 's' },
        delta_j: { value: 1.92323202267289e-5, unit: 'A' },
        j0: { value: -2.72819419536972e-5, unit: 'A' },
        ramp_rate: { value: 5000, unit: 'V/s' },
        mobility: { value: 3.15124676318999e-18, unit: 'm²/Vs' },
      },
    });
    // Three rows around one voltage: no ramp, so no times.
    expect(headingsOf(scans[0])).toEqual([
      ['Voltage', 'V'],
      ['Current', 'A'],
    ]);
    expect(scans[0]?.columns[0]?.values).toHaveLength(3);
    expect(rowOf(scans[0], 0)).toEqual([2.19706854771811, -2.22762695659185e-5]);
    expect(info).toMatchObject({ user: undefined, device: undefined });
    expect(notes).toEqual([expect.stringContaining('kept as sent')]);
  });

  it('recomputes the documented mobility to all digits, with the signed ratio (row 51)', () => {
    const result = analyse(wireData('celiv-data.txt'), { device_thickness_m: 1e-11 });
    const mobility = metric(result, 'mobility_from_parameters');
    expect(mobility?.reported).toBe(3.15124676318999e-18);
    // Fifteen digits are sent.
    expect((mobility?.value ?? 0) / 3.15124676318999e-18).toBeCloseTo(1, 13);
    expect(result.warnings).toContainEqual(expect.stringContaining('opposite signs'));
  });

  it('tells which thickness the instrument must have had: µm scaled twice (row 40)', () => {
    const { warnings } = analyse(wireData('celiv-data.txt'), { device_thickness_m: 1e-5 });
    expect(warnings).toContainEqual(expect.stringContaining('a film of 1.000e-11 m'));
  });

  it('gives the mobility in m²/Vs and in cm²/Vs (row 40)', () => {
    const transient = (t: number): number => -2e-5 - 1e-5 * (t / 2e-5) * Math.exp(1 - t / 2e-5);
    const data = {
      delay: { value: 0, unit: 's' },
      data_scheme: ['Voltage (V)', 'Current (A)'],
      data: ramp(transient),
    };
    const settings = {
      device_thickness_m: 5e-7,
      output: { 'V Ramp': { 'Duration (s)': 2e-4, 'Start (V)': 0, 'End (V)': -1 } },
    };
    // Without the instrument's ramp rate there are no times in the data; the settings have it.
    const result = analyse(data, settings);
    const [si, cm] = [metric(result, 'mobility')?.value ?? 0, metric(result, 'mobility_cm2')?.value ?? 0];
    expect(cm / si).toBeCloseTo(1e4, 6);
    // 2d²/(3·A·t²·1.18); the cubic finds the maximum of this shape to half a percent.
    expect(si / ((2 * 5e-7 ** 2) / (3 * 5000 * 2e-5 ** 2 * 1.18))).toBeCloseTo(1, 1);
  });

  it('keeps negative currents as sent, says so, and takes extraction as positive (row 52)', () => {
    const data = {
      delay: { value: 0, unit: 's' },
      data_scheme: [
        { name: 'Voltage', unit: 'V' },
        { name: 'Current', unit: 'A' },
      ],
      data: ramp((t) => -2e-5 - 1e-5 * (t / 2e-5) * Math.exp(1 - t / 2e-5)),
      parameters: { A: { value: 5000, unit: 'V/s' }, J0: { value: -2e-5, unit: 'A' } },
    };
    const { scans, notes } = photoCeliv.dataset(data);
    expect(rowOf(scans[0], 20)).toEqual([-0.1, expect.closeTo(-3e-5, 12), expect.closeTo(2e-5, 12)]);
    expect(headingsOf(scans[0])[2]).toEqual(['Time', 's']);
    expect(scans[0]?.direction).toBe('reverse');
    expect(notes).toHaveLength(2);
    const j0 = metric(analyse(data), 'j0');
    expect([j0?.value, j0?.reported]).toEqual([expect.closeTo(2e-5, 6), 2e-5]);
  });

  it('says that an infinite mobility comes from t_max = 0 (row 11)', () => {
    const reply = decodeReply(
      Buffer.from(
        '{"status":"OK","data":{"delay":{"value":0,"unit":"s"},"data_scheme":[],"data":[[0,-1E-6]],"parameters":{"t_max":{"value":0,"unit":"s"},"mobility":{"value":Infinity,"unit":"m^2/Vs"}}}}',
      ),
    );
    if (!reply.ok) throw new Error('refused');
    expect(photoCeliv.dataset(reply.data).scans[0]?.reported['mobility']).toEqual({
      value: null,
      unit: 'm²/Vs',
    });
    expect(analyse(reply.data).warnings).toContainEqual(expect.stringContaining('mobility infinite'));
  });

  it('has no scans before the first delay is done, and is refused without rows', () => {
    expect(photoCeliv.dataset({ delay: { value: 0, unit: 's' }, data_scheme: [], data: [] }).scans).toEqual(
      [],
    );
    expect(() => photoCeliv.dataset({ scans: [] })).toThrow('data');
  });
});

describe('Photo-CELIV', () => {
  it('is found under the name it is reported by (row 49)', () => {
    expect(findRoutine('CELIV')).toBe(photoCeliv);
    expect(findRoutine('photo celiv')).toBe(photoCeliv);
  });

  it('says its progress in a sentence (row 39)', () => {
    const { progress } = statusReply.parse(wireData('routine-status-celiv-running.txt'));
    expect(photoCeliv.progress(progress)).toBe('delay 5 of 11, 41 % averaged');
    expect(photoCeliv.progress({ total_delays: 11, delays_done: 11 })).toBe('all 11 delays done');
    expect(photoCeliv.progress(42)).toBeUndefined();
  });

  it('tells the settings forms apart by their instrument (row 45)', () => {
    const output = {
      'Pulse Delay': { 'Start (s)': 0, 'Step (s)': 1e-5, 'End (s)': 1e-4 },
      'Pulse Width (s)': 1e-6,
      'V Ramp': { 'Duration (s)': 2e-4, 'Start (V)': 0, 'End (V)': -1 },
      'Delay (s)': 0.001,
      Averages: 100,
    };
    const formOf = (settings: object) =>
      photoCeliv.settings.find(({ schema }) => schema.safeParse(settings).success)?.name;
    const range = { value: 0.05, unit: 'A' };
    const base = { output, device_thickness_m: 2e-5 };
    expect(formOf({ ...base, instrument: { type: 'Fast', config: { range } } })).toBe('newest');
    expect(formOf({ ...base, instrument: { type: 'Slow', config: { compliance: range } } })).toBe('newest');
    const old = { type: 'Fast', config: { Filter: 'None', Range: 0 } };
    expect(formOf({ ...base, output: { ...output, 'Dark-CELIV': false }, instrument: old })).toBe(
      'older, range by index',
    );
    expect(formOf({ ...base, instrument: { type: 'Fast', config: {} } })).toBeUndefined();
  });
});
