import type { Dataset } from '../../science/dataset.ts';
import type { AnalysisContext } from '../../science/metrics/metric.ts';
import { analyseTracking, type TrackingConditions } from '../../science/metrics/mppt.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { statedSeconds } from './expected-duration.ts';
import { findSetting } from './find-setting.ts';
import { genericDataset } from './generic-dataset.ts';
import type { RoutineDefinition } from './routine.ts';

/** The names that time, voltage and so on go by in tracking files and replies. */
const NAMES: readonly (readonly [name: string, theirs: RegExp])[] = [
  ['Time', /^(elapsed\s*)?(time|t)$/i],
  ['Voltage', /^(voltage|v|v_?mpp)$/i],
  ['Current density', /^(current\s*density|j|j_?mpp)$/i],
  ['Current', /^(current|i|i_?mpp)$/i],
  ['Power', /^(power(\s*density)?|p|p_?mpp)$/i],
];

function dataset(data: unknown): Dataset {
  const generic = genericDataset('MPPT', data);
  const scans = generic.scans.map((scan) => ({
    ...scan,
    columns: scan.columns.map((column) => ({
      ...column,
      name: NAMES.find(([, theirs]) => theirs.test(column.name))?.[0] ?? column.name,
    })),
  }));
  return {
    ...generic,
    scans,
    notes: [
      ...generic.notes,
      ...(scans.length > 0
        ? ['the data form of MPPT is not documented: columns were taken by their names and units']
        : []),
    ],
  };
}

function conditionsOf({ settings, areaCm2, irradiance }: AnalysisContext): TrackingConditions {
  if (irradiance !== undefined) return { areaCm2, irradiance };
  const full = lenientNumber.parse(findSetting(settings, 'Irradiance (mW/cm2)'));
  const level = lenientNumber.parse(findSetting(settings, 'Level (%)')) ?? 100;
  const dark = findSetting(settings, 'Source') === 'None';
  return { areaCm2, irradiance: dark ? 0 : full === undefined ? undefined : (full * level) / 100 };
}

export const mppt: RoutineDefinition = {
  name: 'MPPT',
  aliases: ['MPP Tracking', 'Tracking', 'Maximum Power Point Tracking'],
  title: 'Maximum power point tracking',
  measures:
    'Voltage, current and power at the maximum power point over time, by perturb and observe (V−dV, V, V+dV, keep the best), with a JV scan at intervals. Gives the stabilised efficiency, and how it falls. Settings and data are not documented: change values of what GetSettings returns.',
  lifecycle: 'until_stopped',
  settings: [],
  progress: () => undefined,
  dataset,
  analyse: (data, context) => analyseTracking(data, conditionsOf(context)),
  columns: [
    { name: 'Time', unit: 'h or s', meaning: 'Since the start of tracking.' },
    { name: 'Voltage', unit: 'V', meaning: 'At the tracked maximum.' },
    { name: 'Current density', unit: 'mA/cm²', meaning: 'At the tracked maximum.' },
    { name: 'Power', unit: 'mW/cm²', meaning: 'At the tracked maximum.' },
  ],
  commands: [],
  duration: 'minutes to 1000 hours: runs until it is stopped or its own duration is over',
  expectedSeconds: (settings) => statedSeconds(settings, 'Total duration'),
  pitfalls: [
    'A voltage step below the noise, or a step of the light, leads perturb and observe astray.',
    'The power falls to zero: contact lost.',
    'A slow rise in the first minutes: mobile ions; wait for a drift below 1 %.',
    'A slow fall together with the light: LED drift, not the cell.',
  ],
};
