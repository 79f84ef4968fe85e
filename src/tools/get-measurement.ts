import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import type { StoredMeasurement } from '../archive/archive.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import { describeConditions } from '../conditions/conditions.ts';
import type { Conditions } from '../conditions/conditions-schema.ts';
import { recoverHint } from '../recovery/recover-hint.ts';
import { mayStillBeThere } from '../recovery/choose-entry.ts';
import { type Leaf, leavesOf } from '../text/leaves.ts';
import { quote } from '../text/quote.ts';
import { isApart, PERCENT_APART } from '../figures/describe-metric.ts';
import { splitRemarks } from '../figures/remarks.ts';
import { answerForm } from './answer/answer-form.ts';
import {
  appliedBasis,
  appliedSaid,
  appliedTelling,
  appliedValues,
  basisTelling,
  eachSwitchedOn,
  switchedOn,
} from './answer/applied-tellings.ts';
import { groupSourcedFigures, sourcedFigures, sourcedFiguresTelling } from './answer/figure-tellings.ts';
import { entries, flag, members, onNewLine, quoted, sentences, word } from './answer/tellings.ts';
import { defineTool, type Attachment } from './define-tool.ts';
import { idArgument, resolveId } from '../archive/measurement-id.ts';
import { DATASET_FILE, TABLE_FILE } from '../archive/stored.ts';
import { dataLinks } from './data-links.ts';

const MAX_SETTINGS = 60;
const MAX_WARNINGS = 60;
/** Maximum number of scans of one figure; all are in measurement.json. */
const MAX_SCANS = 20;
const MAX_FIGURES = 40;

export const getMeasurement = defineTool({
  name: 'get_measurement',
  title: 'One stored measurement',
  description:
    'A stored measurement: sample, what was applied, conditions, figures beside the instrument’s own, warnings, files.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({ id: idArgument }),
  output: answerForm(
    {
      id: z.string(),
      routine: z.string(),
      state: z.string(),
      partial: z.boolean().describe('Read while it measured: the end is missing.'),
      device: z.string().nullable(),
      user: z.string().nullable(),
      area_cm2: z.number().nullable(),
      area_source: z.string().nullable(),
      started_at: z.string(),
      ended_at: z.string().nullable(),
      tool: z.string(),
      failure: z.strictObject({ step: z.string(), code: z.string(), message: z.string() }).nullable(),
      note: z.string().nullable(),
      conditions_before: z.string().optional(),
      conditions_after: z.string().optional(),
      metrics: sourcedFigures,
      applied: appliedValues.optional().describe('Absent in records of older versions.'),
      basis: appliedBasis.optional(),
      switched_on: z.array(switchedOn).optional(),
      settings: z.array(z.string()).describe('As the instrument returned them.'),
      folder: z.string(),
      files: z.record(z.string(), z.number()).describe('Bytes.'),
    },
    {
      id: word({ label: '' }),
      routine: word({ label: '' }),
      state: word({ label: '' }),
      partial: flag('PARTIAL'),
      device: onNewLine(quoted()),
      user: quoted(),
      area_cm2: word({ none: 'area unknown' }),
      area_source: word({ label: 'area is' }),
      started_at: onNewLine(word()),
      ended_at: word({ none: 'end unknown' }),
      tool: word({ label: 'by' }),
      failure: members(
        { step: word({ label: 'at' }), code: word(), message: quoted({ label: '' }) },
        'Failed',
      ),
      note: onNewLine(quoted()),
      conditions_before: onNewLine(word()),
      conditions_after: onNewLine(word()),
      metrics: sourcedFiguresTelling,
      applied: appliedTelling,
      basis: basisTelling,
      switched_on: eachSwitchedOn,
      settings: sentences('Setting'),
      folder: onNewLine(word()),
      files: entries('Files, bytes'),
    },
  ),
  async run({ id }, { archive }) {
    const stored = await archive.read(await resolveId(archive, id));
    const { record, state, folder, problems } = stored;
    const { conditions, conditions_after: after, metrics } = record;
    const settings = leavesOf(record.settings ?? {})
      .filter(({ path }) => path.length > 0)
      .map(describeLeaf);
    const figures = groupSourcedFigures(metrics, MAX_SCANS);
    const remarks = splitRemarks(record.warnings);
    const warnings = [...problems, ...remarks.warnings];
    return {
      said: {
        id: record.id,
        routine: record.routine,
        state,
        partial: record.partial,
        device: record.device_name,
        user: record.user_name,
        area_cm2: record.area_cm2,
        area_source: record.area_source,
        started_at: record.started_at,
        ended_at: record.ended_at,
        tool: record.tool,
        failure: failurePart(record),
        note: record.note,
        conditions_before: describe(conditions),
        conditions_after: describe(after),
        metrics: figures.slice(0, MAX_FIGURES),
        ...(record.applied === null ? {} : appliedSaid(record.applied)),
        settings: settings.slice(0, MAX_SETTINGS),
        folder,
        files: Object.fromEntries(record.files.map(({ name, bytes }) => [name, bytes])),
        warnings: warnings.slice(0, MAX_WARNINGS),
        notes: [
          ...remarks.notes,
          ...apartNote(metrics),
          ...(settings.length === 0 ? ['the settings are not known'] : []),
          ...leftOut(figures.length - MAX_FIGURES, 'figures'),
          ...leftOut(settings.length - MAX_SETTINGS, 'settings'),
          ...leftOut(warnings.length - MAX_WARNINGS, 'warnings'),
        ],
        next: mayStillBeThere(record, state) ? [recoverHint(record)] : [],
        simulated: record.simulated,
      },
      attachments: linksOf(stored),
    };
  },
});

function failurePart({ failure }: MeasurementRecord) {
  if (failure === null) return null;
  const { step, code, message } = failure;
  return { step, code: String(code), message };
}

function describe(conditions: Conditions | null): string | undefined {
  return conditions === null ? undefined : describeConditions(conditions);
}

/** How the instrument computes its figures is not documented. */
function apartNote(metrics: MeasurementRecord['metrics']): string[] {
  const apart = [...new Set(metrics.filter(isApart).map(({ name }) => name))];
  return apart.length === 0
    ? []
    : [
        `ours and the instrument's differ by more than ${PERCENT_APART} %: ${apart.join(', ')}; it may use other points or another fit, which is not documented`,
      ];
}

function leftOut(count: number, what: string): string[] {
  return count > 0 ? [`${count} more ${what} are in measurement.json`] : [];
}

/** `light › Level (%): 100`; text from the instrument in quotation marks. */
function describeLeaf({ path, value }: Leaf): string {
  const name = quote(path.join(' › ')).slice(1, -1);
  return `${name}: ${typeof value === 'string' ? quote(value) : String(value)}`;
}

function linksOf({ record: { id, files } }: StoredMeasurement): Attachment[] {
  if (!files.some(({ name }) => name === DATASET_FILE)) return [];
  return dataLinks(id, files.find(({ name }) => name === TABLE_FILE)?.bytes);
}
