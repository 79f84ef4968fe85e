import { count } from '../measurement/arguments/numbers.ts';
import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { quote } from '../text/quote.ts';
import type { MeasurementSummary } from '../archive/summary.ts';
import { defineTool } from './define-tool.ts';
import { recoverHint } from '../recovery/recover-hint.ts';
import { keyFigures } from '../figures/key-figures.ts';
import { plainText } from '../text/plain-text.ts';

const MAX_DAMAGED = 5;
const part = plainText(200).optional();
const time = plainText(40).optional();

export const listMeasurements = defineTool({
  name: 'list_measurements',
  title: 'List stored measurements',
  description: 'Stored measurements, newest first: id, state, device, key figures, whether simulated.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({
    device: part.describe('Part of its name.'),
    routine: part.describe('E.g. JV.'),
    from: time.describe('UTC, e.g. 2026-05-04.'),
    to: time.describe('Likewise.'),
    text: part.describe('In id, device, user or note.'),
    limit: z.int().min(1).max(100).default(20).describe('At most.'),
    offset: count(1_000_000, 0).default(0).describe('To skip.'),
  }),
  output: z.strictObject({
    measurements: z.array(
      z.strictObject({
        id: z.string(),
        state: z.string(),
        routine: z.string(),
        device: z.string().nullable(),
        started_at: z.string(),
        figures: z.string(),
        simulated: z.boolean(),
      }),
    ),
    total: z.number(),
    next_offset: z.number().nullable(),
    damaged: z.array(z.string()),
    simulated: z.boolean().nullable().describe('Of all that are listed; null where they differ.'),
  }),
  async run(filter, { archive }) {
    const { entries, total, damaged } = await archive.list(filter);
    const end = filter.offset + entries.length;
    const next = end < total && entries.length > 0 ? end : null;
    const marks = new Set(entries.map(({ simulated }) => simulated));
    const problems = damaged.map(({ folder, reason }) => `${folder}: ${reason}`);
    const listed = problems.slice(0, MAX_DAMAGED);
    const interrupted = entries.filter(({ state }) => state === 'interrupted');
    return {
      text: [
        entries.length === 0
          ? `No measurement ${total === 0 ? 'found' : `from ${filter.offset} on; there are ${total}`}.`
          : `${filter.offset + 1} to ${end} of ${total}, newest first, times UTC:`,
        ...entries.map(line),
        ...interrupted.slice(0, 1).map((one) => `INTERRUPTED: ${recoverHint(one)}`),
        ...(next === null ? [] : [`More with offset ${next}.`]),
        ...(problems.length === 0
          ? []
          : [
              `Not readable (${problems.length}): ${listed.join('; ')}${problems.length > listed.length ? '; …' : ''}`,
            ]),
      ].join('\n'),
      structured: {
        measurements: entries.map(
          ({ id, state, routine, device_name: device, started_at, simulated, metrics }) => ({
            id,
            state,
            routine,
            device,
            started_at,
            figures: keyFigures(routine, metrics),
            simulated,
          }),
        ),
        total,
        next_offset: next,
        damaged: listed,
        simulated: marks.size > 1 ? null : marks.has(true),
      },
    };
  },
});

function line({
  id,
  state,
  routine,
  device_name: device,
  started_at: at,
  simulated,
  metrics,
}: MeasurementSummary) {
  return [
    `${id}: ${routine}`,
    ...(device === null ? [] : [quote(device)]),
    at.slice(0, 16).replace('T', ' '),
    ...(state === 'complete' ? [] : [state.toUpperCase().replace('_', ' ')]),
    ...(simulated ? ['SIMULATED'] : []),
    ...[keyFigures(routine, metrics)].filter((figures) => figures !== ''),
  ].join(', ');
}
