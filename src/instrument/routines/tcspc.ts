import * as z from 'zod';
import type { Dataset } from '../../science/dataset.ts';
import { analyseTcspc } from '../../science/metrics/tcspc.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { progressFraction, routineProgress } from '../progress.ts';
import { statedSeconds } from './expected-duration.ts';
import { readInfo } from './read-info.ts';
import type { RoutineDefinition } from './routine.ts';
import { type TcspcRates, tcspcCommands } from './tcspc-commands.ts';

const reply = z.looseObject({
  Offset: lenientNumber.transform((offset) => offset ?? 0),
  Resolution: lenientNumber.pipe(z.number().positive()),
  Histogram: z.array(lenientNumber.transform((count) => count ?? null)),
});

function dataset(data: unknown): Dataset {
  const { Offset: offset, Resolution: resolution, Histogram: counts } = reply.parse(data);
  // Free of the digits that a product of decimal fractions ends in.
  const times = counts.map((_, i) => Number((offset + i * resolution).toPrecision(12)));
  return {
    routine: 'TCSPC',
    info: readInfo(data),
    scans:
      counts.length === 0
        ? []
        : [
            {
              label: 'decay',
              conditions: {},
              columns: [
                { name: 'Time', unit: 'ns', values: times },
                { name: 'Counts', unit: '', values: counts },
              ],
              reported: {},
            },
          ],
    notes: [],
  };
}

/** The dataset with the rates that GetRates gave around the measurement: with them pile-up can be judged. */
export function withRates(data: Dataset, { syncRate, inputRate, ratio }: TcspcRates): Dataset {
  const conditions = Object.fromEntries(
    Object.entries({
      sync_rate: { value: syncRate ?? null, unit: 'Hz' },
      input_rate: { value: inputRate ?? null, unit: '1/s' },
      ratio: { value: ratio ?? null, unit: '' },
    }).filter(([, { value }]) => value !== null),
  );
  return {
    ...data,
    scans: data.scans.map((scan) => ({ ...scan, conditions: { ...scan.conditions, ...conditions } })),
  };
}

export const tcspc: RoutineDefinition = {
  name: 'TCSPC',
  aliases: ['TRPL'],
  title: 'Time-resolved photoluminescence',
  measures:
    'A pulsed laser excites the sample, and single photons of its luminescence are timed against the pulse: a histogram of arrival times, whose decay gives carrier lifetimes. Fast and slow parts tell trapping or extraction from recombination.',
  lifecycle: 'finite',
  settings: [],
  progress(progress) {
    const fraction = progressFraction(progress);
    return fraction === undefined
      ? undefined
      : routineProgress({ counted: 'counts or of the time', fraction });
  },
  dataset,
  analyse(data, { replies }) {
    const rates = tcspcCommands.GetRates.result.safeParse(replies?.['GetRates']).data;
    const conditions = (rates === undefined ? data : withRates(data, rates)).scans[0]?.conditions;
    const condition = (name: string): number | undefined => conditions?.[name]?.value ?? undefined;
    return analyseTcspc(data, { syncRate: condition('sync_rate'), ratio: condition('ratio') });
  },
  columns: [
    { name: 'Time', unit: 'ns', meaning: 'Left edge of the bin: Offset + i·Resolution.' },
    { name: 'Counts', unit: '', meaning: 'Photons in the bin.' },
  ],
  commands: Object.values(tcspcCommands),
  duration: 'until 1e6 counts, about 6 s at 1.7e5 counts/s, or the acquisition time (100 s)',
  expectedSeconds: (settings) => statedSeconds(settings, 'Acquisition time'),
  pitfalls: [
    'Pile-up: photons per pulse above 1 % (5 % at most) make lifetimes too short.',
    'The decay does not end within the period: it wraps around; lower the repetition rate at the laser.',
    'Sync 0: the key of the laser is off. Flat histogram: laser off or no contact with the sample spot.',
    'Discriminator (CFD) in the noise: background; beyond the pulses: no counts.',
    'Lifetimes near the width of the instrument response need that response: measure it at bare glass.',
    'Settings are not documented; resolution, samples and thresholds are preset at the screen.',
  ],
};
