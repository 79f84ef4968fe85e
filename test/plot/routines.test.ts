import { expect, it } from 'vitest';
import * as z from 'zod';
import { type PlotKind, plotMeasurements } from '../../src/plot/plot-measurements.ts';
import type { PlotSource } from '../../src/plot/plot-source.ts';
import type { Dataset } from '../../src/science/dataset.ts';
import { openRoutine, type Setup, setUp } from '../simulator/helpers.ts';
import { textsOf } from './sources.ts';
import { findRoutine } from '../helpers/all-in-one.ts';

type Members = Record<string, unknown>;

interface Case {
  settings?: Members;
  /** Sent before the data is fetched, each followed by some seconds. */
  commands?: readonly (readonly [command: string, parameter: Members])[];
  kinds: readonly (readonly [PlotKind, readonly string[]])[];
}

const LONG = 100_000;

async function measured(
  { client, clock }: Setup,
  name: string,
  { settings, commands }: Case,
): Promise<PlotSource> {
  const routine = findRoutine(name);
  if (routine === undefined) throw new Error(`no routine ${name}`);
  if (settings !== undefined) await client.data('ROUTINE', 'ApplySettings', settings);
  const inForce = z.record(z.string(), z.unknown()).parse(await client.data('ROUTINE', 'GetSettings'));
  const datasets: Dataset[] = [];
  if (routine.lifecycle !== 'acquire') {
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(routine.lifecycle === 'finite' ? LONG : 900);
  }
  for (const [command, parameter] of commands ?? []) {
    await client.data('ROUTINE', command, parameter);
    clock.pass(2);
    if (routine.lifecycle === 'until_stopped')
      datasets.push(routine.dataset(await client.data('ROUTINE', 'GetTestData')));
  }
  if (datasets.length === 0) datasets.push(routine.dataset(await client.data('ROUTINE', 'GetTestData')));
  const [first] = datasets;
  if (first === undefined) throw new Error('no data');
  const dataset = { ...first, scans: datasets.flatMap(({ scans }) => scans) };
  const { metrics } = routine.analyse(dataset, { settings: inForce, ...dataset.info });
  return {
    id: 'm-1',
    routine: routine.name,
    deviceName: dataset.info.device ?? null,
    startedAt: '2026-03-01T10:00:00.000Z',
    simulated: true,
    settings: inForce,
    applied: null,
    dataset,
    metrics,
  };
}

const frequencies = { mode: 'Ramp', ramp: { 'Start (Hz)': 10_000, 'Stop (Hz)': 1, Steps: 20 } };
const pulse = {
  output_settings: {
    pulse: { duration: 1e-4, delay: 1e-5, points: 500 },
    level: { start: 0.25, end: 1, steps: 3 },
  },
};
const laser = { channel: 1, frequency: 10_000, intensity: 60 };

const CASES: Readonly<Record<string, Case>> = {
  JV: {
    settings: { light: { Source: '12 LED', 'Irradiance (mW/cm2)': 100, 'Level (%)': 100 } },
    kinds: [
      ['jv', ['Voltage (V)', 'Current density (mA/cm²)', 'FF (%)', 'ring: maximum power point']],
      ['log_jv', ['|Current density| (mA/cm²)', 'forward']],
      ['generic', ['Voltage (V)', 'Current density (mA/cm²)']],
    ],
  },
  'Dark JV': {
    settings: {
      scan_settings: { 'V end (V)': 1.2, 'dV (V)': 0.02 },
      photodetector: { type: 'Spectrometer', settings: { integration_time_s: 0.5 } },
    },
    kinds: [
      ['log_jv', ['|Current| (A)', 'Voltage (V)', 'reverse']],
      ['jv', ['Current (mA)']],
      ['el_spectrum', ['Wavelength (nm)', 'Electroluminescence (a.u.)', 'forward 1.198 V']],
    ],
  },
  IPCE: {
    kinds: [
      [
        'eqe',
        [
          'EQE (%)',
          'Integrated current density (mA/cm²)',
          'Wavelength (nm)',
          'solid: EQE, dashed: integrated current density',
        ],
      ],
    ],
  },
  Impedance: {
    settings: { config: { frequency: { ...frequencies, 'Amplitude (V)': 0.01, Periods: 5 } } },
    kinds: [
      ['nyquist', ['Re Z (kΩ)', '−Im Z (kΩ)']],
      ['bode', ['|Z| (Ω)', 'Phase (°)', 'Frequency (Hz)', '10³']],
    ],
  },
  Luminescence: {
    commands: [
      ['AcquireReference', {}],
      ['AcquireDark', {}],
      ['SetLaser', laser],
      ['AcquireSingle', {}],
    ],
    kinds: [['spectrum', ['Counts less dark (a.u.)', 'Wavelength (nm)', 'peak (nm)', 'FWHM (nm)']]],
  },
  TCSPC: {
    commands: [],
    kinds: [['decay', ['Counts', 'Time (ns)']]],
  },
  TPR: {
    settings: { test: 'TPV', ...pulse },
    kinds: [
      ['transient', ['ΔV (mV)', 'Time (µs)', 'light 0', 'light 2', 'lifetime (µs)']],
      ['lifetime', ['Voc (V)', 'Lifetime (µs)']],
    ],
  },
  TPC: {
    settings: { test: 'TPC', ...pulse },
    kinds: [['transient', ['Current (mA)', 'Time (µs)', 'charge (nC)']]],
  },
  'Photo-CELIV': {
    kinds: [['celiv', ['Extraction current (µA)', 'Time (µs)', 't_max (µs)', 'ring: t_max']]],
  },
  MPPT: {
    kinds: [
      ['tracking', ['Power density (mW/cm²)', 'Voltage (V)', 'Time (h)', 'solid: power, dashed: voltage']],
    ],
  },
  Resistivity: {
    commands: [1e-6, 1e-5, 1e-4].map((current) => ['ApplyCurrent', { current }] as const),
    kinds: [['sheet_resistance', ['Corrected sheet resistance (Ω/□)', 'Current (A)', '10⁻⁵']]],
  },
  'Connection Test': {
    commands: [0, 0.5, 1.1].map((output) => ['SetOutput', { output }] as const),
    kinds: [['contact', ['Voltage (V)', 'Current (µA)']]],
  },
  PLQY: { kinds: [['generic', ['Wavelength (nm)', 'Incident (µW/cm²/nm)']]] },
  'Pulsed EL': { kinds: [['generic', ['Amplitude (V)', 'Voltage (V)']]] },
};

it.each(Object.entries(CASES))('%s, as the simulator measures it', async (name, one) => {
  const setup = await setUp();
  await openRoutine(setup, name === 'TPC' ? 'TPR' : name);
  if (name === 'TCSPC') await setup.client.data('ROUTINE', 'SetLaser', { laser: true, port_id: 7 });
  const source = await measured(setup, name, one);
  for (const [i, [kind, expected]] of one.kinds.entries()) {
    const picture = await plotMeasurements([source], i === 0 ? {} : { kind });
    expect(picture.kind).toBe(kind);
    expect(textsOf(picture.svg)).toEqual(expect.arrayContaining([...expected, 'SIMULATED']));
    expect(picture.svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(picture.svg.length).toBeLessThan(1_000_000);
    expect(picture.png.length).toBeLessThan(300_000);
  }
});

it('draws the fit over a TCSPC decay, in black', async () => {
  const setup = await setUp();
  await openRoutine(setup, 'TCSPC');
  await setup.client.data('ROUTINE', 'SetLaser', { laser: true, port_id: 7 });
  const source = await measured(setup, 'TCSPC', { kinds: [] });
  const { svg } = await plotMeasurements([source]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['measured', 'fit', 'τ₁ (ns)', 'τ₂ (ns)']));
  expect(svg).toMatch(/<path d="[^"]{1000,}" fill="none"[^>]*stroke="#1a1a1a"[^>]*stroke-dasharray/);
  const without = await plotMeasurements([{ ...source, metrics: [] }]);
  expect(textsOf(without.svg)).not.toContain('fit');
});
