import * as z from 'zod';
import { ArkeoError, InstrumentError } from '../errors.ts';
import { commands } from '../instrument/commands/index.ts';
import { quote } from '../text/quote.ts';
import { isMeasuring } from '../instrument/routine-status.ts';
import type { RoutineDefinition } from '../instrument/routines/routine.ts';
import { interpret, type Interpretation } from '../figures/interpret.ts';
import { keepFetched } from '../measurement/keep-fetched.ts';
import { type Dataset, rowCount } from '../science/dataset.ts';
import { defineTool, type ToolCall } from './define-tool.ts';
import { describeMetric } from '../figures/describe-metric.ts';
import { compactJson, presentData } from './present-data.ts';

const TOOL = 'routine_get_test_data';
const DATA_BUDGET = 300;
const TEXT_BUDGET = 60;
/** Values of data that could not be kept, and so must be in the answer. */
const UNKEPT_VALUES = 2000;
const MAX_METRIC_LINES = 40;
const MAX_SCANS = 40;
const MAX_METRICS = 100;
const MAX_WARNINGS = 20;
const { GetTestData, GetSettings, GetTestStatus } = commands.ROUTINE;

const metric = z.strictObject({
  name: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  scan: z.string().optional(),
  uncertainty: z.number().optional(),
  reported: z.number().optional().describe("The instrument's own value."),
});

/** ROUTINE.GetTestData, read as what the open routine measures and analysed. */
export const testDataTool = defineTool({
  name: TOOL,
  title: GetTestData.title,
  description: GetTestData.description,
  kind: GetTestData.kind,
  toolset: 'routine',
  input: GetTestData.parameter,
  output: z.strictObject({
    target: z.string(),
    command: z.string(),
    data: z.unknown().describe('As the instrument sent it; numbers JSON cannot carry are null.'),
    routine: z.string().nullable(),
    measurement_id: z.string().nullable().describe('As which it is kept.'),
    scans: z.array(
      z.strictObject({
        label: z.string(),
        direction: z.string().nullable(),
        rows: z.number(),
        columns: z.array(z.string()),
      }),
    ),
    metrics: z.array(metric),
    methods: z.record(z.string(), z.string()).describe('How each metric was computed, with version.'),
    elapsed_ms: z.number(),
    simulated: z.boolean(),
    warnings: z.array(z.string()),
  }),
  async run(_args, call) {
    // Before and after: what ends or begins in between leaves data that is not the whole of anything.
    const underWay = await isUnderWay(call);
    const reply = await call.client.call(GetTestData, {}, { signal: call.signal });
    const { data, notes } = presentData(reply.data, DATA_BUDGET);
    const { final, ...interpretation } = await read(reply.data, underWay, call);
    const { routine, dataset, analysis, problems } = interpretation;
    const kept =
      // A measurement of this server keeps its data itself.
      final && routine !== undefined && call.jobs.running === undefined
        ? await keepFetched({ tool: TOOL, routine, reply, interpretation }, call.measuring)
        : undefined;
    const warnings = [
      ...problems,
      ...(dataset?.notes ?? []).map((note) => `in scans and metrics, not in data: ${note}`),
      ...analysis.warnings,
    ];
    const metrics = analysis.metrics.slice(0, MAX_METRICS);
    const left = analysis.metrics.length - metrics.length;
    const scansLeft = (dataset?.scans.length ?? 0) - MAX_SCANS;
    if (scansLeft > 0) notes.push(`${scansLeft} more scans are not listed`);
    if (kept?.problem !== undefined) notes.push(`NOT IN THE ARCHIVE: ${kept.problem}`);
    if (left > 0) notes.push(`${left} more metrics of further scans are left out`);
    return {
      text: [
        describeScans(routine, dataset),
        ...(kept?.id === undefined ? [] : [`Kept as ${kept.id}.`]),
        ...shortList(analysis.metrics.map(describeMetric), MAX_METRIC_LINES),
        ...(dataset === undefined ? [compactJson(reply.data, TEXT_BUDGET)] : []),
        ...(kept?.problem === undefined
          ? []
          : [`The data, thinned: ${compactJson(dataset?.scans, UNKEPT_VALUES)}`]),
        ...[...warnings, ...notes].slice(0, MAX_WARNINGS).map((note) => `Note: ${note}`),
      ].join('\n'),
      structured: {
        target: GetTestData.target,
        command: GetTestData.name,
        data,
        routine: routine?.name ?? null,
        measurement_id: kept?.id ?? null,
        scans: (dataset?.scans ?? []).slice(0, MAX_SCANS).map((scan) => ({
          label: scan.label,
          direction: scan.direction ?? null,
          rows: rowCount(scan),
          columns: scan.columns.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`)),
        })),
        metrics: metrics.map(({ method: _, version: __, ...figure }) => figure),
        methods: Object.fromEntries(
          metrics.map(({ name, method, version }) => [name, `${method} (version ${version})`]),
        ),
        elapsed_ms: Math.round(reply.elapsedMs),
        simulated: reply.simulator !== undefined,
        warnings: [...reply.warnings, ...warnings, ...notes].slice(0, MAX_WARNINGS),
      },
    };
  },
});

const SETTINGS_OF_NOW = 'the settings are those in force now: whether it was measured with them is not known';
const UNDER_WAY =
  'THE MEASUREMENT IS STILL UNDER WAY: this is what there is so far, and its figures will change';

/** The first ones, and how many more there are. */
function shortList(lines: readonly string[], limit: number): string[] {
  return lines.length <= limit
    ? [...lines]
    : [...lines.slice(0, limit), `and ${lines.length - limit} more metrics`];
}

/** Whether a measurement is under way, as far as the instrument says. */
async function isUnderWay({ client, signal }: ToolCall): Promise<boolean> {
  try {
    return isMeasuring(await client.send(GetTestStatus, {}, { signal }));
  } catch (error) {
    if (error instanceof InstrumentError) return false;
    throw error;
  }
}

interface Read extends Interpretation {
  routine: RoutineDefinition | undefined;
  /** Nothing will be added to it. */
  final: boolean;
}

/** Reads and analyses the data. Whatever fails here is said, and the data is answered all the same. */
async function read(
  data: unknown,
  underWay: boolean,
  { client, product, signal, lastRun }: ToolCall,
): Promise<Read> {
  const none = {
    routine: undefined,
    dataset: undefined,
    analysis: { metrics: [], warnings: [] },
    final: false,
  };
  const problems: string[] = [];
  const { run } = lastRun;
  let settings: Readonly<Record<string, unknown>> | undefined;
  let name: string | null;
  let measuring: boolean;
  try {
    ({ routine: name } = await client.send(commands.MAIN.GetActiveRoutine, {}, { signal }));
    settings = run?.settings ?? (await client.send(GetSettings, {}, { signal })).settings;
    measuring = isMeasuring(await client.send(GetTestStatus, {}, { signal })) || underWay;
  } catch (error) {
    if (!(error instanceof ArkeoError)) throw error;
    return {
      ...none,
      problems: [`not analysed, because the routine or its settings could not be read: ${error.message}`],
    };
  }
  const routine = product.findRoutine(name ?? '');
  if (routine === undefined)
    return { ...none, problems: [`no analysis for ${name === null ? 'no routine' : quote(name)}`] };
  if (routine.lifecycle === 'finite') {
    if (run?.stopped === true) problems.push('the measurement was stopped: its data may end early');
    if (measuring) problems.push(UNDER_WAY);
  }
  const context = { settings, areaCm2: run?.sample.areaCm2, replies: run?.replies };
  const found = interpret(routine, [data], context);
  const hasData = found.dataset?.scans.some((scan) => rowCount(scan) > 0) === true;
  if (hasData && run?.settings === undefined && routine.lifecycle !== 'acquire')
    problems.push(SETTINGS_OF_NOW);
  return {
    routine,
    ...found,
    problems: [...problems, ...found.problems],
    final: hasData && !measuring,
  };
}

function describeScans(routine: RoutineDefinition | undefined, dataset: Dataset | undefined): string {
  if (routine === undefined || dataset === undefined) return 'Data of the last measurement.';
  if (dataset.scans.length === 0) return `${routine.name}: no data yet.`;
  const scans = dataset.scans.map((scan) => `${quote(scan.label)} ${rowCount(scan)} rows`);
  const shown = scans.length > 8 ? [...scans.slice(0, 7), `and ${scans.length - 7} more`] : scans;
  return `${routine.name}: ${shown.join(', ')}.`;
}
