import * as z from 'zod';
import { type Dataset, directionOf, findColumn, type Scan } from '../../science/dataset.ts';
import { interpolate } from '../../science/interpolate.ts';
import { analyseJv, type JvConditions } from '../../science/metrics/jv.ts';
import type { AnalysisContext } from '../../science/metrics/metric.ts';
import { irradianceOf } from './jv-light.ts';
import { JV_PATHS } from './jv-paths.ts';
import { pointsBetween } from './points-between.ts';
import { headings, rows, toColumns } from './read-columns.ts';
import { readInfo } from './read-info.ts';
import { readParameters } from './read-parameters.ts';
import { readNumber, readSetting } from './read-setting.ts';
import type { RoutineDefinition } from './routine.ts';
import { scanProgress } from './scan-progress.ts';
import { setting } from './setting.ts';
import { endedAtVoc } from './jv-auto-voc.ts';
import { jvPoints, jvSeconds } from './staircase-duration.ts';

const number = z.number();
const settings = z.looseObject({
  device_type: setting(z.string(), '', 'NI-SMU', 'Source-measure unit.'),
  device_settings: z.looseObject({
    'Compliance (A)': setting(number.positive().max(1), 'A', 0.1, 'Current limit; older software 0.01.'),
  }),
  scan_settings: z.looseObject({
    scan: z.looseObject({
      'Start (V)': setting(number, 'V', -0.2, 'First voltage of the forward scan.'),
      'End (V)': setting(number, 'V', 1.2, 'Last voltage of the forward scan.'),
      'Step (V)': setting(number.positive(), 'V', 0.02, 'Distance of the points.'),
      'Rate (V/s)': setting(number.positive(), 'V/s', 0.2, 'Scan rate; a point takes step/rate.'),
      Order: setting(
        z.enum(['Forward then Reverse', 'Reverse then Forward', 'Forward Only', 'Reverse Only']),
        '',
        'Forward then Reverse',
        'Directions to scan.',
      ),
      'Auto Voc': setting(
        z.boolean(),
        '',
        true,
        'Stop where the current crosses zero; with the wrong polarity that is the first point.',
      ),
      'Exceed Voc (%)': setting(number.min(0).max(100), '%', 0, 'How far past Voc, with Auto Voc.'),
    }),
  }),
  precondition: z.looseObject({
    Condition: setting(z.string(), '', 'None', 'None, Wait for stable or Wait fixed time.'),
    Value: setting(number.min(0), 's', 1, 'Argument of Condition.'),
    'Hold Time (s)': setting(number.min(0), 's', 1, 'Hold before the first point.'),
    'Hold Voltage (V)': setting(number, 'V', -0.2, 'Voltage of that hold.'),
  }),
  device: z.looseObject({
    'Area (cm2)': setting(number.positive(), 'cm²', 1, 'Active area; current densities use it.'),
    Inverted: setting(z.boolean(), '', false, 'Flips the polarity.'),
  }),
  light: z.looseObject({
    Source: setting(z.string(), '', 'None', 'None, External, 12 LED, Fast LED or LED Ring. None is dark.'),
    'Irradiance (mW/cm2)': setting(number.min(0), 'mW/cm²', 100, 'At 100 % level; enters the efficiency.'),
    'Level (%)': setting(number.min(0).max(100), '%', 100, 'Light level.'),
  }),
  light_config: z
    .looseObject({
      'LED Level': setting(number.min(0).max(1), '', 1, 'Its relation to Level (%) is not documented.'),
    })
    .optional(),
  sweep_settings: setting(
    z.array(z.unknown()),
    '',
    [],
    'Rows of the sweep editor; their form is not published.',
  ).optional(),
});

const PARAMETERS = {
  voc: [],
  jsc: [],
  v_mpp: ['vmpp'],
  j_mpp: ['jmpp'],
  p_mpp: ['pmpp'],
  r_series: ['rs'],
  r_shunt: ['rsh', 'R//'],
  fill_factor: ['ff'],
  efficiency: ['eff', 'pce'],
} as const;

const reply = z.looseObject({
  scans: z.array(
    z.looseObject({
      name: z.string().default(''),
      sweep_indices: z.array(z.number()).optional(),
      data_schema: headings.optional(),
      columns: headings.optional(),
      data: rows,
      parameters: z.unknown().optional(),
      parameter_schema: z.unknown().optional(),
    }),
  ),
});

function dataset(data: unknown): Dataset {
  const scans = reply.parse(data).scans.map((raw): Scan => {
    const columns = toColumns(raw.data_schema ?? raw.columns ?? [], raw.data);
    const sweep = (raw.sweep_indices ?? []).filter((index) => index >= 0);
    return {
      label: raw.name,
      direction: directionOf(columns[0]?.values ?? []),
      conditions: Object.fromEntries(sweep.map((value, i) => [`sweep_${i + 1}`, { value, unit: '' }])),
      columns,
      reported: readParameters(raw.parameters, raw.parameter_schema, PARAMETERS),
    };
  });
  return {
    routine: 'JV',
    info: readInfo(data),
    scans,
    notes: [...scaleCurrents(scans), ...scans.flatMap(contradiction)],
  };
}

/** Some software calls falling voltages forward: the data decides. */
function contradiction({ label, direction }: Scan): string[] {
  const claimed = (['forward', 'reverse'] as const).find((word) => label.toLowerCase().startsWith(word));
  if (claimed === undefined || direction === undefined || claimed === direction) return [];
  const voltages = direction === 'forward' ? 'rise' : 'fall';
  return [`the scan is labelled ${claimed}, but its voltages ${voltages}: it is taken as ${direction}`];
}

/**
 * The instrument labels the current densities mA/cm², but its numbers are A/cm². One decision for the whole reply,
 * from any scan with points around 0 V: their current density against the scan's own jsc.
 */
function scaleCurrents(scans: readonly Scan[]): string[] {
  const currents = scans.flatMap((scan) => scan.columns.filter(({ name }) => name === 'Current density'));
  if (currents.length === 0) return [];
  const ratios = scans.flatMap((scan) => {
    const { value: jsc, unit } = scan.reported['jsc'] ?? {};
    const atZero = currentAtZero(scan);
    if (typeof jsc !== 'number' || jsc === 0 || unit !== 'mA/cm²' || atZero === undefined) return [];
    const ratio = Math.abs(atZero / jsc);
    return [1, 1e-3].filter((scale) => ratio > scale / 3 && ratio < scale * 3);
  });
  const [decided] = ratios;
  const labels = [...new Set(currents.map(({ unit }) => unit))];
  if (decided === 1) return [];
  for (const current of currents) {
    current.values = current.values.map((value) => (value === null ? null : value * 1000));
    current.unit = 'mA/cm²';
  }
  if (labels.join() === 'A/cm²') return [];
  return [
    decided === undefined
      ? `current densities are labelled ${labels.join(', ')}; nothing in the data shows which unit they have, and A/cm² was taken, as this instrument is known to send`
      : `current densities are labelled ${labels.join(', ')} but agree with jsc only as A/cm²; they were multiplied by 1000`,
  ];
}

function currentAtZero(scan: Scan): number | undefined {
  const [voltage, current] = [findColumn(scan, 'Voltage'), findColumn(scan, 'Current density')];
  const points = (voltage?.values ?? [])
    .map((v, i) => [v, current?.values[i] ?? null] as const)
    .filter((point): point is readonly [number, number] => point[0] !== null && point[1] !== null)
    .toSorted((a, b) => a[0] - b[0]);
  const between = interpolate(points, 0);
  if (between !== undefined) return between;
  // A scan cut short in the documentation, or one that begins near 0 V: the nearest point is near enough for a factor of 1000.
  const nearest = points.toSorted((a, b) => Math.abs(a[0]) - Math.abs(b[0]))[0];
  return nearest !== undefined && Math.abs(nearest[0]) < 0.1 ? nearest[1] : undefined;
}

function conditionsOf({ settings: inForce, areaCm2, temperatureC }: AnalysisContext): JvConditions {
  const numberAt = (path: readonly string[]): number | undefined => readNumber(inForce, path);
  return {
    irradiance: (of) => irradianceOf(inForce, of),
    areaCm2: areaCm2 ?? numberAt(JV_PATHS.area),
    temperatureC,
    compliance: numberAt(JV_PATHS.compliance),
    pointsAsked: pointsBetween(numberAt(JV_PATHS.start), numberAt(JV_PATHS.end), numberAt(JV_PATHS.step)),
    autoVoc: readSetting(inForce, JV_PATHS.autoVoc) === true,
  };
}

export const jv: RoutineDefinition = {
  name: 'JV',
  aliases: ['J-V', 'IV'],
  title: 'Current-voltage curve',
  measures:
    'Current while a staircase of voltages is swept, under light. Gives efficiency and where the loss is: Voc (recombination), Jsc (optics, extraction), fill factor (series and shunt resistance), and hysteresis between the directions (mobile ions).',
  lifecycle: 'finite',
  settings: [{ name: 'newest', schema: settings }],
  progress: scanProgress,
  dataset,
  analyse: (data, context) => analyseJv(data, conditionsOf(context)),
  columns: [
    { name: 'Voltage', unit: 'V', meaning: 'As measured, not as set.' },
    { name: 'Current density', unit: 'mA/cm²', meaning: 'Positive when the cell generates.' },
  ],
  commands: [],
  duration:
    'hold + points × step/rate: about 15 s with the usual settings, times every combination of a sweep',
  expectedSeconds: jvSeconds,
  expectedPoints: jvPoints,
  endedByItself: endedAtVoc,
  pitfalls: [
    'Only noise: no contact, or another relay is closed.',
    'One point, then it stops: wrong polarity with Auto Voc; set Inverted or switch Auto Voc off.',
    'A flat top: the current reached the compliance.',
    'An absurd efficiency: wrong area, irradiance or mask. Light source None is dark.',
    'Forward and reverse differ: mobile ions; the result depends on rate and hold.',
    'Voc drifts: the sample is warming up.',
  ],
};
