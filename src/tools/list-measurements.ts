import { count } from '../measurement/arguments/numbers.ts';
import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { answerForm } from './answer/answer-form.ts';
import { each, flag, quoted, sentence, sentences, word } from './answer/tellings.ts';
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
  output: answerForm(
    {
      total: z.number(),
      offset: z.number().describe('Skipped.'),
      next_offset: z.number().nullable(),
      measurements: z.array(
        z.strictObject({
          id: z.string(),
          routine: z.string(),
          device: z.string().nullable(),
          started_at: z.string(),
          state: z.string(),
          simulated: z.boolean(),
          figures: z.string(),
        }),
      ),
      damaged: z.array(z.string()),
    },
    {
      total: word({ label: 'total, newest first:' }),
      offset: word({ label: 'after' }),
      next_offset: word({ label: 'more with offset' }),
      measurements: each({
        id: word({ label: '' }),
        routine: word({ label: '' }),
        device: quoted({ label: '' }),
        started_at: word({ label: '' }),
        state: word({ label: '' }),
        simulated: flag('SIMULATED'),
        figures: sentence(),
      }),
      damaged: sentences('Not readable'),
    },
  ),
  async run(filter, { archive }) {
    const { entries, total, damaged } = await archive.list(filter);
    const end = filter.offset + entries.length;
    const next = end < total && entries.length > 0 ? end : null;
    const marks = new Set(entries.map(({ simulated }) => simulated));
    const problems = damaged.map(({ folder, reason }) => `${folder}: ${reason}`);
    const interrupted = entries.find(({ state }) => state === 'interrupted');
    return {
      said: {
        total,
        offset: filter.offset,
        next_offset: next,
        measurements: entries.map(
          ({ id, state, routine, device_name: device, started_at, simulated, metrics }) => ({
            id,
            routine,
            device,
            started_at,
            state,
            simulated,
            figures: keyFigures(routine, metrics),
          }),
        ),
        damaged: problems.slice(0, MAX_DAMAGED),
        warnings:
          problems.length > MAX_DAMAGED
            ? [`${problems.length - MAX_DAMAGED} more measurements are not readable`]
            : [],
        next: interrupted === undefined ? [] : [recoverHint(interrupted)],
        simulated: marks.size > 1 ? null : marks.has(true),
      },
    };
  },
});
