/**
 * Lists the figures of the analyses, read from their results: each routine measures on the simulator with a
 * simulated clock.
 */
import * as z from 'zod';
import { markdownTable } from '../src/text/markdown-table.ts';
import { allInOne } from '../src/instrument/all-in-one.ts';
import type { RoutineDefinition } from '../src/instrument/routines/routine.ts';
import { interpret } from '../src/figures/interpret.ts';
import type { Metric } from '../src/science/metrics/metric.ts';
import { Instrument } from '../src/simulator/instrument.ts';

type Members = Readonly<Record<string, unknown>>;
interface Preparation {
  command: string;
  parameter: Members;
}

const members = z.record(z.string(), z.unknown());
const status = z.looseObject({ routine_status: z.string() });

/**
 * s between two readings; and number of readings, after which a routine that does not end by itself is stopped.
 */
const LOOK = 2;
const LOOKS = 60;
/** Most readings of a routine that ends by itself. */
const MOST_LOOKS = 5000;

/** Commands of a measurement: before its start, and one after another while it runs. */
interface Course {
  before?: readonly Preparation[];
  during?: readonly Preparation[];
}

const set = (command: string, parameter: Members): Preparation => ({ command, parameter });
const DIMENSIONS = { 'Film Thickness (um)': 0.5, 'Length (mm)': 20, 'Width (mm)': 10 };
/** Commands that routines need to have all their figures, measurement by measurement. */
const COURSES: Readonly<Record<string, readonly Course[]>> = {
  Luminescence: [{ before: [set('SetLaser', { channel: 1, intensity: 50 })] }],
  Resistivity: [
    {
      before: [set('ApplySettings', { device_dimension: DIMENSIONS })],
      during: [1e-6, 2e-6, 5e-6, 1e-5].map((current) => set('ApplyCurrent', { current })),
    },
  ],
  TPR: ['TPV', 'TPC'].map((test) => ({ before: [set('ApplySettings', { test })] })),
  TCSPC: [{ before: [set('SetLaser', { port_id: 7, laser: true })] }],
  'Connection Test': [{ during: [0.1, 1.1, 1.15, 1.2].map((output) => set('SetOutput', { output })) }],
};

/** A heading and a table for each routine. */
export function describeFigures(): string {
  return allInOne.routines
    .map((routine) => {
      const metrics = (COURSES[routine.name] ?? [{}]).flatMap((course) => measured(routine, course));
      const rows = new Map(
        metrics.map((metric) => [JSON.stringify([metric.name, metric.unit, metric.method]), metric]),
      );
      const table = [...rows.values()].map(({ name, unit, method }) => [`\`${name}\``, unit, method]);
      const heading = `## ${routine.name}`;
      if (table.length === 0)
        return `${heading}\n\nNone is computed: the form of its data is not documented.`;
      return `${heading}\n\n${markdownTable(['figure', 'unit', 'how it is computed'], table)}`;
    })
    .join('\n\n');
}

function measured(routine: RoutineDefinition, { before = [], during = [] }: Course): readonly Metric[] {
  let seconds = 0;
  const clock = { seconds: () => seconds, wallTime: () => new Date(0) };
  const instrument = new Instrument({ clock, seed: 1, dialect: 'newest', version: 'docs' });
  const ask = (command: string, parameter: Members = {}, target = 'ROUTINE'): unknown => {
    const reply = instrument.handle({ target, command, parameter, requestId: 1 });
    if (reply['error'] !== undefined)
      throw new Error(`${routine.name}, ${command}: ${JSON.stringify(reply['error'])}`);
    return reply['data'];
  };
  const isReady = (): boolean => status.parse(ask('GetTestStatus')).routine_status === 'Ready';
  // A routine that runs until stopped has its latest reading only, except for tracking, which has no commands.
  const isCollected = routine.collectWhileRunning === true || during.length > 0;
  const isEndless = routine.lifecycle !== 'finite';
  ask('StartRoutine', { routine: routine.name }, 'MAIN');
  seconds += LOOK;
  for (const { command, parameter } of before) ask(command, parameter);
  ask('StartMeasurement');
  const replies: unknown[] = [];
  for (let i = 0; i < (isEndless ? LOOKS : MOST_LOOKS); i++) {
    seconds += LOOK;
    if (isReady()) break;
    if (isCollected) replies.push(ask('GetTestData'));
    const next = during[i];
    if (next !== undefined) ask(next.command, next.parameter);
  }
  if (!isReady()) ask('StopMeasurement');
  const last = ask('GetTestData');
  const settings = members.parse(ask('GetSettings'));
  const { analysis, problems } = interpret(routine, isCollected ? [...replies, last] : [last], {
    settings,
    areaCm2: 0.1,
    temperatureC: 25,
    irradiance: 100,
  });
  if (problems.length > 0) throw new Error(`${routine.name}: ${problems.join('; ')}`);
  return analysis.metrics;
}
