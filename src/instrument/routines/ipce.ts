import * as z from 'zod';
import { completeRows, type Dataset, findColumn, type Scan } from '../../science/dataset.ts';
import { analyseIpce, integratedCurrent, type IpceConditions } from '../../science/metrics/ipce.ts';
import type { AnalysisContext } from '../../science/metrics/metric.ts';
import { ipcePoints, ipceSeconds } from './expected-duration.ts';
import { ipceCommands } from './ipce-commands.ts';
import { pointsProgress } from './points-progress.ts';
import { headings, rows, toColumns } from './read-columns.ts';
import { readInfo } from './read-info.ts';
import { readNumber } from './read-setting.ts';
import type { RoutineDefinition } from './routine.ts';
import { setting } from './setting.ts';

const number = z.number();
const measuring = {
  wavelength: z.looseObject({
    Start: setting(number.positive(), 'nm', 300, 'First wavelength.'),
    Step: setting(number.positive(), 'nm', 10, 'Distance of the wavelengths.'),
    End: setting(number.positive(), 'nm', 900, 'Last wavelength; beyond the band edge, or Jsc is cut short.'),
  }),
  acquisition: z.looseObject({
    'Acquisition time (s)': setting(
      number.positive(),
      's',
      1,
      'Of one reading; at least 10 chopper periods.',
    ),
    Averaging: setting(z.int().min(1), '', 1, 'Readings per wavelength.'),
    'Delay (s)': setting(number.min(0), 's', 0, 'Wait after each move.'),
    'Bias Voltage (V)': setting(number, 'V', 0, 'Voltage on the sample; 0 is short circuit.'),
    'LED Level': setting(number.min(0).max(1), '', 0, 'Bias light; needs the chopper.'),
    'Chopper Frequency (Hz)': setting(
      number.min(0),
      'Hz',
      0,
      '0 is without chopper. Faster than the sample responds, the EQE comes out too low.',
    ),
  }),
};

const newest = z.looseObject({
  ...measuring,
  device: z.looseObject({
    type: setting(z.string(), '', 'NI-SMU', 'Source-measure unit; Simulate is a simulated one.'),
    configuration: z.looseObject({
      Autorange: setting(z.boolean(), '', true, 'Chooses the current range by itself.'),
      'Current Range': setting(
        z.int().min(0).max(6),
        '',
        3,
        '0 is 1 µA, then ×10 each: 3 is 1 mA, 6 is 1 A. Derived from the user interface.',
      ),
      'Voltage Range': setting(z.int().min(0).max(2), '', 0, '0 is 0.6 V, 1 is 6 V, 2 is 60 V.'),
    }),
  }),
});

/** The oldest pages have a simulated device whose configuration is a placeholder. */
const older = z.looseObject({
  ...measuring,
  device: z.looseObject({
    type: setting(z.string(), '', 'Simulate', 'Source-measure unit, or Simulate.'),
    configuration: setting(z.unknown().optional(), '', {}, 'Depends on type; not documented.'),
  }),
});

const scan = z
  .looseObject({
    name: z.string().default(''),
    columns: headings.optional(),
    data_schema: headings.optional(),
    data: rows,
  })
  .transform(({ name, columns, data_schema, data }): Scan => {
    const head = columns ?? data_schema ?? [];
    return { label: name, conditions: {}, columns: toColumns(head, data), reported: {} };
  });
const reply = z
  .looseObject({ scan: scan.optional(), scans: z.array(scan).optional() })
  .transform(({ scan: only, scans }, context): Scan[] => {
    if (only !== undefined) return [only];
    if (scans !== undefined) return scans;
    context.addIssue('there is neither scan nor scans in it');
    return z.NEVER;
  });

function dataset(data: unknown): Dataset {
  const scans = reply.parse(data);
  return { routine: 'IPCE', info: readInfo(data), scans, notes: scans.flatMap(scaleIntegral) };
}

/** The integral is labelled A/cm². It is taken as mA/cm² where only that agrees with the EQE it is made of. */
function scaleIntegral(of: Scan): string[] {
  const sum = findColumn(of, 'J_int');
  const last = sum?.values.findLast((value) => value !== null);
  const curve = completeRows(of, ['Wavelength', 'EQE']).map(([nm = 0, eqe = 0]) => [nm, eqe] as const);
  const own = curve.length < 2 ? 0 : integratedCurrent(curve);
  if (sum?.unit !== 'A/cm²' || typeof last !== 'number' || own <= 0) return [];
  const asMilliamperes = last / own;
  if (asMilliamperes < 1 / 3 || asMilliamperes > 3) return [];
  sum.values = sum.values.map((value) => (value === null ? null : value / 1000));
  return ['J_int is labelled A/cm² but agrees with the EQE only as mA/cm², and was taken as mA/cm²'];
}

function conditionsOf({ settings }: AnalysisContext): IpceConditions {
  const acquisition = (name: string): number | undefined => readNumber(settings, ['acquisition', name]);
  return {
    biasLight: acquisition('LED Level'),
    chopperHz: acquisition('Chopper Frequency (Hz)'),
    acquisitionSeconds: acquisition('Acquisition time (s)'),
  };
}

export const ipce: RoutineDefinition = {
  name: 'IPCE',
  aliases: ['EQE', 'QE'],
  title: 'Quantum efficiency (IPCE, EQE)',
  measures:
    'Photocurrent against wavelength, against a calibrated lamp: EQE(λ) = 1240·J/(P·λ). Gives the Jsc that sunlight would produce, the band gap from the edge, and where in the spectrum current is lost. Integrated Jsc should agree with that of JV to 5-10 %.',
  lifecycle: 'finite',
  settings: [
    { name: 'newest', schema: newest },
    { name: 'simulated device', schema: older },
  ],
  progress: (progress) =>
    pointsProgress(progress, { member: 'wavelength', name: 'Wavelength', unit: 'nm' }, 'wavelengths'),
  dataset,
  analyse: (data, context) => analyseIpce(data, conditionsOf(context)),
  columns: [
    { name: 'Wavelength', unit: 'nm', meaning: 'As set.' },
    { name: 'EQE', unit: '%', meaning: 'Electrons per incident photon.' },
    { name: 'J_DUT', unit: 'A/cm²', meaning: 'Photocurrent density under the monochromatic light.' },
    {
      name: 'J_int',
      unit: 'A/cm²',
      meaning: 'Integral of q·EQE·Φ(AM1.5G) up to here; the first is missing.',
    },
  ],
  commands: Object.values(ipceCommands),
  duration:
    'wavelengths × (acquisition time × averaging + delay + about 0.7 s): about 2 min with the usual settings',
  expectedSeconds: ipceSeconds,
  expectedPoints: ipcePoints,
  pitfalls: [
    'Stale lamp calibration: it holds for about 2 h and until the lamp is switched off.',
    'EQE above 100 %: calibration, area, or stray light without the chopper.',
    'Integrated Jsc below that of JV: spot larger than the cell, range too short, chopper too fast, nonlinear cell.',
    'Noise at the ultraviolet end: little lamp power there.',
    'SetShutter, SetWavelength and StartCalibration end a running measurement.',
    'A tandem needs bias light and bias voltage.',
  ],
};
