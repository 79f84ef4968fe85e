import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { quote } from '../text/quote.ts';
import type { StoredMeasurement } from '../archive/archive.ts';
import { describeConditions } from '../conditions/conditions.ts';
import { recoverHint } from '../recovery/recover-hint.ts';
import { mayStillBeThere } from '../recovery/choose-entry.ts';
import { type Leaf, leavesOf } from '../text/leaves.ts';
import { defineTool, type Attachment } from './define-tool.ts';
import { describeMetric, isApart } from '../figures/describe-metric.ts';
import { isReadingNote } from '../figures/reading-notes.ts';
import { idArgument, measurementUri, resolveId } from '../archive/measurement-id.ts';

const MAX_LINES = 60;
const MAX_METRICS = 100;
/** How the instrument computes its figures is not documented. */
const APART =
  'Where ours and the instrument’s differ, it may use other points or another fit: how it computes is not documented.';

export const getMeasurement = defineTool({
  name: 'get_measurement',
  title: 'One stored measurement',
  description:
    'A stored measurement: sample, settings in force, conditions, figures beside the instrument’s own, warnings, files.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({ id: idArgument }),
  output: z.strictObject({
    id: z.string(),
    state: z.string(),
    routine: z.string(),
    device: z.string().nullable(),
    area_cm2: z.number().nullable(),
    started_at: z.string(),
    metrics: z.array(
      z.strictObject({
        name: z.string(),
        value: z.number().nullable(),
        unit: z.string(),
        scan: z.string().nullable(),
        reported: z.number().nullable(),
        method: z.string(),
      }),
    ),
    warnings: z.array(z.string()),
    settings: z.array(z.string()),
    folder: z.string(),
    files: z.array(z.string()),
    simulated: z.boolean(),
  }),
  async run({ id }, { archive }) {
    const stored = await archive.read(await resolveId(archive, id));
    const { record, state, folder, problems } = stored;
    const settings = leavesOf(record.settings ?? {})
      .filter(({ path }) => path.length > 0)
      .map(describeLeaf);
    const warnings = [...problems, ...record.warnings];
    const next = mayStillBeThere(record, state) ? [`Next: ${recoverHint(record)}`] : [];
    return {
      text: [
        ...introduction(stored),
        ...next,
        ...firstOf(record.metrics.map(describeMetric), 'figures'),
        ...(record.metrics.some(isApart) ? [APART] : []),
        ...settingLines(settings),
        ...firstOf(
          warnings.map((warning) => `${isReadingNote(warning) ? 'Note' : 'Warning'}: ${warning}`),
          'warnings',
        ),
        `Files in ${folder}: ${record.files.map(({ name, bytes }) => `${name} (${bytes} bytes)`).join(', ')}`,
      ].join('\n'),
      structured: {
        id: record.id,
        state,
        routine: record.routine,
        device: record.device_name,
        area_cm2: record.area_cm2,
        started_at: record.started_at,
        metrics: record.metrics
          .slice(0, MAX_METRICS)
          .map(({ name, value, unit, scan, reported, method }) => ({
            name,
            value,
            unit,
            scan: scan ?? null,
            reported: reported ?? null,
            method,
          })),
        warnings: warnings.slice(0, MAX_LINES),
        settings: settings.slice(0, MAX_LINES),
        folder,
        files: record.files.map(({ name }) => name),
        simulated: record.simulated,
      },
      attachments: links(stored),
    };
  },
});

function introduction({ record, state }: StoredMeasurement): string[] {
  const { device_name: device, user_name: user, area_cm2: area, conditions, failure, note } = record;
  const sample = [
    ...(device === null ? [] : [`device ${quote(device)}`]),
    ...(user === null ? [] : [`user ${quote(user)}`]),
    ...(area === null
      ? ['area unknown']
      : [`${area} cm²${record.area_source === 'assumed' ? ' (assumed)' : ''}`]),
  ];
  const surroundings = conditions === null ? undefined : describeConditions(conditions);
  return [
    `${record.routine}, ${state}${record.partial ? ', PARTIAL data' : ''}: ${record.id}`,
    `Sample: ${sample.join(', ')}.`,
    `Started ${record.started_at}, ended ${record.ended_at ?? 'unknown'}; by ${record.tool}.`,
    ...(failure === null ? [] : [`Failed at ${failure.step}: ${quote(failure.message)} (${failure.code})`]),
    ...(note === null ? [] : [`Note: ${quote(note)}`]),
    ...(surroundings === undefined ? [] : [`Conditions before: ${surroundings}.`]),
  ];
}

/** `light › Level (%): 100`; text from the instrument in quotation marks. */
function describeLeaf({ path, value }: Leaf): string {
  const name = quote(path.join(' › ')).slice(1, -1);
  return `${name}: ${typeof value === 'string' ? quote(value) : String(value)}`;
}

function settingLines(settings: readonly string[]): string[] {
  return settings.length === 0
    ? ['The settings are not known.']
    : ['Settings, as the instrument returned them:', ...firstOf(settings, 'settings, in measurement.json')];
}

function firstOf(lines: readonly string[], what: string): string[] {
  const left = lines.length - MAX_LINES;
  return left <= 0 ? [...lines] : [...lines.slice(0, MAX_LINES), `and ${left} more ${what}`];
}

function links({ record: { id, files } }: StoredMeasurement): Attachment[] {
  if (!files.some(({ name }) => name === 'data.json')) return [];
  return (['data.csv', 'plot.png'] as const).map((part) => ({
    type: 'resource_link',
    uri: measurementUri(id, part),
    name: part,
    mimeType: part === 'data.csv' ? 'text/csv' : 'image/png',
  }));
}
