import * as z from 'zod';
import { analyseLuminescence } from '../../science/metrics/luminescence.ts';
import { acknowledgement, type Command, defineCommand, parameters } from '../command.ts';
import { laserSwitch } from '../laser-switch.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { readAcquired } from './luminescence-spectra.ts';

const LUMINESCENCE = { target: 'ROUTINE', routine: 'Luminescence' } as const;
/** It integrates before it answers: integration time × averages. */
const ACQUIRE_TIMEOUT_MS = 45_000;

export const AcquireDark = defineCommand({
  ...LUMINESCENCE,
  name: 'AcquireDark',
  title: 'Acquire the dark spectrum',
  description:
    'Stores a spectrum as the dark, laser and LEDs off. Needed before luminescence_acquire_single, and again after every change of the integration time.',
  kind: 'configure',
  onlyWhenIdle: true,
  parameter: parameters({}),
  result: z.unknown(),
  timeoutMs: ACQUIRE_TIMEOUT_MS,
  effects: () => [],
  summary: (data) => `Dark stored. ${levelOf(data)}`.trim(),
});

const AcquireReference = defineCommand({
  ...LUMINESCENCE,
  name: 'AcquireReference',
  title: 'Acquire the reference spectrum',
  description:
    'Stores a spectrum as the reference of transmittance and absorbance: light on, bare substrate put in by a person. Again after every change of integration time or light.',
  kind: 'configure',
  onlyWhenIdle: true,
  parameter: parameters({}),
  result: z.unknown(),
  timeoutMs: ACQUIRE_TIMEOUT_MS,
  effects: () => [],
  summary: (data) => `Reference stored. ${levelOf(data)}`.trim(),
});

export const AcquireSingle = defineCommand({
  ...LUMINESCENCE,
  name: 'AcquireSingle',
  title: 'Acquire a spectrum',
  description:
    'Takes one spectrum: nm, raw counts, irradiance µW/cm² (needs a dark of this integration time). Order: laser on, auto_exposure, laser off, acquire_dark, laser on, acquire_single, laser off, routine_get_test_data.',
  kind: 'configure',
  onlyWhenIdle: true,
  parameter: parameters({}),
  result: z.unknown(),
  timeoutMs: ACQUIRE_TIMEOUT_MS,
  effects: () => [],
  summary: (data) => {
    const dataset = readAcquired(data);
    const { metrics, warnings } = analyseLuminescence(dataset);
    const value = (name: string): number | null =>
      metrics.find((metric) => metric.name === name)?.value ?? null;
    const [peak, energy, fwhm, used] = ['peak_wavelength', 'peak_energy', 'fwhm', 'saturation'].map(value);
    const parts = [
      peak === null || peak === undefined
        ? 'no band found'
        : `strongest band ${peak.toFixed(1)} nm (${(energy ?? 0).toFixed(3)} eV)`,
      ...(typeof fwhm === 'number' ? [`FWHM ${fwhm.toFixed(1)} nm`] : []),
      ...(typeof used === 'number' ? [`${used.toFixed(1)} % of full scale`] : []),
    ];
    const found = metrics.length > 0 ? `Spectrum acquired: ${parts.join(', ')}.` : 'Spectrum acquired.';
    return [found, ...[...dataset.notes, ...warnings].map((warning) => `Note: ${warning}.`)].join('\n');
  },
});

export const AutoExposure = defineCommand({
  ...LUMINESCENCE,
  name: 'AutoExposure',
  title: 'Find the integration time',
  description: 'Sets integration time and averages for the light there is. Then a new dark and reference.',
  kind: 'configure',
  onlyWhenIdle: true,
  parameter: parameters({
    target_level: z
      .number()
      .positive()
      .max(65_535)
      .optional()
      .describe('Older software only; unit not documented.'),
  }),
  result: z
    .looseObject({
      integration_time: lenientNumber,
      integration_time_ms: lenientNumber,
      averages: lenientNumber,
    })
    .transform((reply) => ({
      integrationTimeMs: reply.integration_time ?? reply.integration_time_ms,
      averages: reply.averages,
    })),
  timeoutMs: ACQUIRE_TIMEOUT_MS,
  effects: () => [
    { type: 'changes_settings_about', words: ['integration', 'average', 'averages', 'exposure'] },
  ],
  summary: ({ integrationTimeMs: time, averages }) =>
    `${time === undefined ? 'Exposure set' : `Integration time ${time} ms`}${averages === undefined ? '' : `, ${averages} averages`}. A dark or reference taken before is stale now: take a new one, light off.`,
});

const percent = z.number().min(0).max(100).optional();

export const SetLaser = defineCommand({
  ...LUMINESCENCE,
  name: 'SetLaser',
  title: 'Set the exciting laser',
  description:
    'Switches a laser on or off; it stays on. A person agrees, cover closed. intensity 0 is off; duty_cycle 0 is NOT: on inverted sources it may be FULL power.',
  kind: 'actuate',
  parameter: parameters({
    channel: z.int().min(0).max(63).optional().describe('Needed, except with enabled.'),
    frequency: z.number().positive().max(1e7).optional().describe('PWM, Hz, e.g. 10000.'),
    intensity: percent.describe('%; 0 is off.'),
    duty_cycle: percent.describe('%; 0 may be full power.'),
    enabled: z.boolean().optional().describe('Older software, alone: on or off at full power.'),
  })
    .refine(
      ({ intensity, duty_cycle: duty, enabled }) =>
        [intensity, duty, enabled].filter((value) => value !== undefined).length === 1,
      'give exactly one of intensity and duty_cycle (older software: enabled)',
    )
    .refine(
      ({ channel, frequency, enabled }) =>
        enabled === undefined ? channel !== undefined : channel === undefined && frequency === undefined,
      'channel is needed with intensity or duty_cycle; enabled stands alone',
    ),
  result: acknowledgement,
  takesEnergyOut: ({ intensity, enabled }) => intensity === 0 || enabled === false,
  effects: (parameter) => [{ type: 'sets_laser', ...laserSwitch(parameter) }],
  summary: (_, { channel, intensity, duty_cycle: duty, enabled }) => {
    const laser = channel === undefined ? 'Laser' : `Laser channel ${channel}`;
    if (enabled !== undefined) return `${laser} switched ${enabled ? 'ON' : 'off'}.`;
    if (intensity !== undefined) return `${laser} ${intensity === 0 ? 'off' : `ON at ${intensity} %`}.`;
    return `${laser} set to ${duty} % duty cycle: ON for all anyone knows, as an inverted source shines at 0 %. Switch off with intensity 0.`;
  },
});

export const luminescenceCommands: readonly Command[] = [
  AcquireDark,
  AcquireReference,
  AcquireSingle,
  AutoExposure,
  SetLaser,
];

/** "1280 pixels, highest 92 counts." or nothing, where the reply has no spectrum. */
function levelOf(data: unknown): string {
  const counts = readAcquired(data)
    .scans[0]?.columns.find(({ name }) => name === 'Counts')
    ?.values.filter((value) => value !== null);
  if (counts === undefined || counts.length === 0) return '';
  const top = counts.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return `${counts.length} pixels, highest ${top.toFixed(0)} counts.`;
}
