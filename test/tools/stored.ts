import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import * as z from 'zod';
import { Archive, type RecordDraft } from '../../src/archive/archive.ts';
import type { Dataset } from '../../src/science/dataset.ts';
import type { Metric } from '../../src/science/metrics/metric.ts';
import type { FactTool, Tool, ToolContext } from '../../src/tools/define-tool.ts';
import { runTool } from '../../src/mcp/run-tool.ts';
import { expectWhole } from '../helpers/whole-answers.ts';
import { toolsOn } from '../helpers/tools.ts';
import { datasetOf, scanOf } from '../export/sources.ts';

const result = z.looseObject({
  content: z.array(
    z.looseObject({
      type: z.string(),
      text: z.string().optional(),
      uri: z.string().optional(),
      data: z.string().optional(),
      mimeType: z.string().optional(),
    }),
  ),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().default(false),
  _meta: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

export interface Stored {
  archive: Archive;
  context: ToolContext;
  /** Stores a measurement that began a minute after the one before, and returns its id. */
  keep: (
    draft?: Partial<RecordDraft>,
    dataset?: Dataset | null,
    state?: 'complete' | 'failed',
  ) => Promise<string>;
  call: <T extends Tool>(tool: T, args?: Record<string, unknown>) => Promise<Answered<T>>;
}

type StructuredOf<T extends Tool> =
  T extends FactTool<z.ZodObject, infer F> ? z.output<F['own']> & z.output<typeof common> : never;
const common = z.looseObject({
  simulated: z.boolean().nullable(),
  warnings: z.array(z.string()),
  notes: z.array(z.string()),
});

interface Answered<T extends Tool> {
  text: string;
  /** Throws where the answer is an error. */
  readonly structured: StructuredOf<T>;
  attachments: z.output<typeof result>['content'];
  isError: boolean;
}

/** An archive in a temporary folder, and the tools that look at it. No instrument is there. */
export function storedMeasurements(): () => Stored {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });
  return () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-tools-'));
    const bench = toolsOn(1);
    open.push(() => {
      bench.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    let minute = 0;
    const archive = new Archive({
      folder,
      now: () => new Date(Date.UTC(2026, 4, 4, 12, minute)),
      host: 'lab',
      machine: 'lab',
      pid: process.pid,
      isAlive: () => true,
    });
    const context: ToolContext = { ...bench, archive };
    return {
      archive,
      context,
      async keep(draft = {}, dataset = curve(), state = 'complete') {
        minute += 1;
        const entry = await archive.begin(draftOf(draft));
        await entry.keepReply('GetTestData', Buffer.from('{}'));
        if (dataset !== null) await entry.keepDataset(dataset);
        await entry.end(state, {});
        return entry.id;
      },
      async call(tool, args = {}) {
        const signal = new AbortController().signal;
        const answer = result.parse(await runTool(tool, args, context, { caller: 'test', signal }));
        const [first, ...attachments] = answer.content;
        const { structuredContent: structured, isError, _meta } = answer;
        const text = first?.text ?? '';
        expectWhole(tool, { text, structured, isError, error: _meta?.['arkeo-mcp/error'] });
        return {
          text,
          get structured() {
            return common.parse(structured) as StructuredOf<typeof tool>;
          },
          attachments,
          isError,
        };
      },
    };
  };
}

export function figure(name: string, value: number | null, unit: string, scan?: string): Metric {
  return { name, value, unit, ...(scan === undefined ? {} : { scan }), method: 'read off', version: 1 };
}

/** Two directions of a JV curve with `points` each: V and mA/cm². */
export function curve(points = 5, shift = 0): Dataset {
  const volts = Array.from({ length: points }, (_, i) => (1.2 * i) / (points - 1));
  const amps = volts.map((v) => 21 - (21 * Math.exp((v - 1.05 - shift) / 0.04)) / Math.exp(0));
  return datasetOf('JV', [
    scanOf(
      'forward',
      [
        ['Voltage', 'V', ...volts],
        ['Current density', 'mA/cm²', ...amps],
      ],
      {
        direction: 'forward',
      },
    ),
    scanOf(
      'reverse',
      [
        ['Voltage', 'V', ...volts.toReversed()],
        ['Current density', 'mA/cm²', ...amps.toReversed()],
      ],
      {
        direction: 'reverse',
      },
    ),
  ]);
}

function draftOf(changes: Partial<RecordDraft>): RecordDraft {
  return {
    tool: 'measure_jv',
    request: {},
    routine: 'JV',
    device_name: 'B12-P3',
    user_name: 'Lab',
    area_cm2: 0.1,
    area_source: 'stated',
    simulated: false,
    simulator: null,
    instrument: '127.0.0.1:6360',
    software: { name: 'arkeo-mcp', version: '0.1.0', node: 'v20' },
    settings: { scan_settings: { scan: { 'Rate (V/s)': 0.2, Order: 'Forward then Reverse' } } },
    conditions: null,
    metrics: [
      figure('efficiency', 17, '%', 'forward'),
      figure('voc', 1.05, 'V', 'forward'),
      { ...figure('efficiency', 18.25, '%', 'reverse'), reported: 18.2 },
      figure('voc', 1.06, 'V', 'reverse'),
    ],
    ...changes,
  };
}
