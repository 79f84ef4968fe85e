import * as z from 'zod';
import { ArkeoError, InstrumentError } from '../errors.ts';
import { wireName } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import { quote } from '../text/quote.ts';
import { isMeasuring } from '../instrument/routine-status.ts';
import type { RoutineDefinition } from '../instrument/routines/routine.ts';
import { interpret, type Interpretation } from '../figures/interpret.ts';
import { keepFetched } from '../measurement/keep-fetched.ts';
import { rowCount } from '../science/dataset.ts';
import { answerForm } from './answer/answer-form.ts';
import { groupSourcedFigures, sourcedFigures, sourcedFiguresTelling } from './answer/figure-tellings.ts';
import { each, json, onNewLine, quantity, quoted, several, word } from './answer/tellings.ts';
import { defineTool, type ToolCall } from './define-tool.ts';
import { UNKEPT_VALUES } from './measurement-failure.ts';
import { presentData } from './present-data.ts';

const TOOL = 'routine_get_test_data';
const DATA_BUDGET = 120;
const MAX_SCANS = 40;
const MAX_FIGURES = 40;
const MAX_WARNINGS = 20;
const { GetTestData, GetSettings, GetTestStatus } = commands.ROUTINE;

/** ROUTINE.GetTestData, read as what the open routine measures and analysed. */
export const testDataTool = defineTool({
  name: TOOL,
  title: GetTestData.title,
  description: GetTestData.description,
  kind: GetTestData.kind,
  toolset: 'routine',
  input: GetTestData.parameter,
  output: answerForm(
    {
      routine: z.string().nullable(),
      scans: z.array(
        z.strictObject({
          label: z.string(),
          direction: z.string().nullable(),
          rows: z.number(),
          columns: z.array(z.string()),
        }),
      ),
      measurement_id: z.string().nullable().describe('As which it is kept.'),
      metrics: sourcedFigures,
      data: z.unknown().describe('As the instrument sent it, thinned; numbers JSON cannot carry are null.'),
      command: z.string(),
      elapsed_ms: z.number(),
    },
    {
      routine: word({ label: '', none: 'Data of the last measurement' }),
      scans: each({
        label: quoted({ label: 'scan' }),
        direction: word({ label: '' }),
        rows: quantity('rows', 0, { label: '' }),
        columns: several(),
      }),
      measurement_id: onNewLine(word({ label: 'kept as' })),
      metrics: sourcedFiguresTelling,
      data: json('Data'),
      command: onNewLine(word()),
      elapsed_ms: quantity('ms', 0, { label: 'answered in' }),
    },
  ),
  async run(_args, call) {
    // Before and after: what ends or begins in between leaves data that is not the whole of anything.
    const underWay = await isUnderWay(call);
    const reply = await call.client.call(GetTestData, {}, { signal: call.signal });
    const { final, ...interpretation } = await read(reply.data, underWay, call);
    const { routine, dataset, analysis, problems } = interpretation;
    const kept =
      // A measurement of this server keeps its data itself.
      final && routine !== undefined && call.jobs.running === undefined
        ? await keepFetched({ tool: TOOL, routine, reply, interpretation }, call.measuring)
        : undefined;
    const isUnkept = kept?.problem !== undefined;
    const { data, notes } = presentData(reply.data, isUnkept ? UNKEPT_VALUES : DATA_BUDGET);
    const figures = groupSourcedFigures(analysis.metrics, MAX_SCANS);
    const warnings = [...reply.warnings, ...problems, ...analysis.warnings];
    const scans = dataset?.scans ?? [];
    return {
      said: {
        routine: routine?.name ?? null,
        scans: scans.slice(0, MAX_SCANS).map((scan) => ({
          label: scan.label,
          direction: scan.direction ?? null,
          rows: rowCount(scan),
          columns: scan.columns.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`)),
        })),
        measurement_id: kept?.id ?? null,
        metrics: figures.slice(0, MAX_FIGURES),
        data,
        command: wireName(GetTestData),
        elapsed_ms: reply.elapsedMs,
        alarms: isUnkept ? [`NOT IN THE ARCHIVE: ${kept.problem}`] : [],
        warnings: warnings.slice(0, MAX_WARNINGS),
        notes: [
          ...(dataset?.notes ?? []).map((note) => `in scans and metrics, not in data: ${note}`),
          ...notes,
          ...leftOut(warnings.length - MAX_WARNINGS, 'warnings'),
          ...leftOut(scans.length - MAX_SCANS, 'scans'),
          ...leftOut(figures.length - MAX_FIGURES, 'figures'),
        ],
        next:
          kept?.id === undefined ? [] : ['get_measurement_data has the rows, plot_measurements draws them'],
        simulated: reply.simulator !== undefined,
      },
    };
  },
});

const SETTINGS_OF_NOW = 'the settings are those in force now: whether it was measured with them is not known';
const UNDER_WAY =
  'THE MEASUREMENT IS STILL UNDER WAY: this is what there is so far, and its figures will change';

function leftOut(count: number, what: string): string[] {
  return count > 0 ? [`${count} more ${what} are left out`] : [];
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
