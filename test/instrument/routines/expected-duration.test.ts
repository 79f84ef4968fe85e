import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openRoutine, setUp, statusOf } from '../../simulator/helpers.ts';
import { openOldest } from '../../simulator/oldest.ts';
import { findRoutine } from '../../helpers/all-in-one.ts';

const members = z.record(z.string(), z.unknown());
const lightAndRate = [
  { Type: 'Light', Enable: true, Start: 0, End: 100, Step: 50 },
  { Type: 'Scan Rate', Enable: true, Start: 0.1, End: 0.4, Step: 0.1 },
  { Type: 'Light', Enable: false, Start: 0, End: 100, Step: 1 },
];
const scan = (settings: object): object => ({ scan_settings: { scan: settings } });

function expected(routine: string, settings: unknown): number | undefined {
  return findRoutine(routine)?.expectedSeconds?.(members.parse(settings));
}

/** s: a routine starts running this long after it is told to. */
const STARTING = 0.3;
/**
 * How far the expected time may be off: frequencies are not quite those asked for, pauses and transfers differ
 * between instruments, and Auto Voc cuts the scans of JV short, which is 6 % with the usual settings.
 */
const TOLERANCE = 0.3;

describe('the expected duration', () => {
  it.each<[routine: string, what: string, settings: object]>([
    ['JV', 'as it opens', {}],
    [
      'JV',
      'in one direction after a wait',
      { ...scan({ Order: 'Reverse Only' }), precondition: { Condition: 'Wait fixed time', Value: 20 } },
    ],
    ['JV', 'with Auto Voc', { light: { Source: '12 LED' } }],
    ['JV', 'of a sweep', { ...scan({ 'Auto Voc': false }), sweep_settings: lightAndRate }],
    ['Dark JV', 'as it opens', {}],
    ['Dark JV', 'with a hold at the turn', { scan_settings: { 'Turn Hold (s)': 10, 'V end (V)': 1.2 } }],
    ['Dark JV', 'with -1 for no hold', { scan_settings: { 'Turn Hold (s)': -1, 'Scan Order': 'FW Only' } }],
    ['IPCE', 'as it opens', {}],
    [
      'IPCE',
      'averaged, with a delay',
      { acquisition: { 'Acquisition time (s)': 0.1, Averaging: 10, 'Delay (s)': 0.2 } },
    ],
    ['Impedance', 'as it opens', {}],
    [
      'Impedance',
      'downwards, at every offset and light',
      {
        config: {
          frequency: { ramp: { 'Start (Hz)': 1000, 'Stop (Hz)': 1, Steps: 40 }, Periods: 15 },
          offset: { mode: 'Ramp', ramp: { 'Start (V)': 0, 'Stop (V)': 1, Steps: 3 } },
          light: { mode: 'Ramp', ramp: { Start: 0, Stop: 1, Steps: 2 } },
        },
      },
    ],
    [
      'Impedance',
      'at one frequency',
      {
        config: {
          frequency: { ramp: { 'Start (Hz)': 1, 'Stop (Hz)': 1, Steps: 1 } },
          offset: { mode: 'Voc' },
        },
      },
    ],
    ['TPR', 'as it opens', {}],
    ['TPR', 'at one level', { output_settings: { level: { ramp: false }, pulse: { averaging: 5000 } } }],
    ['Photo-CELIV', 'as it opens', {}],
    [
      'Photo-CELIV',
      'at one delay',
      { output: { 'Pulse Delay': { 'Step (s)': 0, 'End (s)': 0 }, Averages: 10_000 } },
    ],
    ['Luminescence', 'of a spectrum', { integration_time: 5000, averages: 4 }],
    ['MPPT', 'of a stated duration', { tracking: { 'Total duration (min)': 30 } }],
  ])('of %s, %s, is that of the simulated instrument', async (routine, _, settings) => {
    const setup = await setUp();
    const { client, clock } = setup;
    await openRoutine(setup, routine);
    await client.data('ROUTINE', 'ApplySettings', { ...settings });
    const seconds = expected(routine, await client.data('ROUTINE', 'GetSettings')) ?? Number.NaN;
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(STARTING + (1 - TOLERANCE) * seconds);
    expect((await statusOf(client)).routine_status).toBe('Running');
    clock.pass(2 * TOLERANCE * seconds);
    expect((await statusOf(client)).routine_status).toBe('Ready');
  });

  it.each<[routine: string, settings: object]>([
    ['JV', {}],
    ['Dark JV', {}],
    ['IPCE', {}],
    [
      'Impedance',
      {
        Freq: { Frequency: { Start: 10, Stop: 1000, Steps: 20 } },
        Offset: { Type: 'Ramp', Stop: 1, Steps: 3 },
        Light: { LightType: 'Ramp', Steps: 2 },
      },
    ],
    ['TPR', {}],
    ['Photo-CELIV', {}],
  ])('of %s is read from the older form as well', async (routine, settings) => {
    const { ask, clock } = await openOldest(routine);
    await ask('ROUTINE', 'ApplySettings', settings);
    const loaded = members.parse(await ask('ROUTINE', 'LoadSettings'));
    const seconds = expected(routine, loaded['settings']) ?? Number.NaN;
    await ask('ROUTINE', 'StartMeasurement');
    clock.pass(STARTING + (1 - TOLERANCE) * seconds);
    expect(await ask('ROUTINE', 'GetStatus')).toMatchObject({ routine_status: 'Running' });
    clock.pass(2 * TOLERANCE * seconds);
    expect(await ask('ROUTINE', 'GetStatus')).toMatchObject({ routine_status: 'Ready' });
  });

  it('is that of the manual for the examples it gives', () => {
    const eis = { ramp: { 'Start (Hz)': 1000, 'Stop (Hz)': 1, Steps: 40 }, Periods: 15 };
    expect(expected('Impedance', { config: { frequency: eis } })).toBeCloseTo(92, 0);
    const ipce = {
      wavelength: { Start: 300, Step: 10, End: 900 },
      acquisition: { 'Acquisition time (s)': 1 },
    };
    expect(expected('IPCE', ipce)).toBeCloseTo(61 * 1.7, 9);
  });

  it('of TCSPC is at most the acquisition time, where one is stated', () => {
    expect(expected('TCSPC', { acquisition: { 'Acquisition time (s)': 100 } })).toBe(100);
    expect(expected('TCSPC', {})).toBeUndefined();
  });

  it.each<[string, object]>([
    ['JV', {}],
    ['JV', { ...scan({ 'Start (V)': 0, 'End (V)': 1, 'Step (V)': 0, 'Rate (V/s)': 1 }) }],
    [
      'JV',
      {
        ...scan({ 'Start (V)': 0, 'End (V)': 1, 'Step (V)': 0.1, 'Rate (V/s)': 1 }),
        sweep_settings: [{ kind: 'light' }],
      },
    ],
    ['Dark JV', {}],
    ['IPCE', { wavelength: { Start: 300, Step: 10, End: 900 } }],
    [
      'Impedance',
      {
        config: {
          frequency: { ramp: { 'Start (Hz)': 1, 'Stop (Hz)': 10, Steps: 5 }, Periods: 3 },
          light: { mode: 'Ramp' },
        },
      },
    ],
    ['Impedance', {}],
    ['TPR', { device_type: 0 }],
    ['Photo-CELIV', {}],
    ['Luminescence', {}],
    ['MPPT', { tracking: { 'Total duration (min)': 0 } }],
    ['Connection Test', {}],
    ['Resistivity', { acquisition: { 'V limit': 10 } }],
  ])('of %s is unknown where the settings %j do not tell', (routine, settings) => {
    expect(expected(routine, settings)).toBeUndefined();
  });

  it.each<[string, object]>([
    ['JV', { ...scan({ 'Start (V)': 0, 'End (V)': 1, 'Step (V)': 0.1, 'Rate (V/s)': 0 }) }],
    [
      'Impedance',
      { config: { frequency: { ramp: { 'Start (Hz)': 0, 'Stop (Hz)': 10, Steps: 5 }, Periods: 3 } } },
    ],
  ])('of %s has no end with %j', (routine, settings) => {
    expect(expected(routine, settings)).toBe(Infinity);
  });
});
