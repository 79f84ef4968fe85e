import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import { measurementKinds } from '../measurement/kinds/index.ts';
import type { MeasurementKind } from '../measurement/kinds/kind.ts';
import { chooseRoutine } from '../measurement/choose-routine.ts';
import { defineTool, type Tool } from './define-tool.ts';
import { followJob, measurementOutput, waitSeconds } from './measurement-answer.ts';

const deviceName = commands.ROUTINE.SetInfo.parameter.shape.device_name
  .unwrap()
  .meta({ description: undefined })
  .optional();
const settings = z.record(z.string(), z.unknown()).describe('Others, nested as in routine_get_settings.');

/** One tool per kind of measurement. What is not asked stays as the instrument has it. */
export const measureTools: readonly Tool[] = measurementKinds.map(measureTool);

function measureTool(kind: MeasurementKind): Tool {
  const own = Object.fromEntries(
    Object.entries(kind.arguments).map(([name, { schema }]) => [
      name,
      name === 'routine' ? schema : schema.optional(),
    ]),
  );
  return defineTool({
    name: kind.tool,
    title: kind.title,
    description: kind.description,
    kind: 'actuate',
    toolset: 'workflow',
    input: parameters({
      device_name: deviceName,
      ...own,
      settings: settings.optional(),
      note: z.string().optional(),
      wait_s: waitSeconds,
    }),
    output: measurementOutput,
    async run({ wait_s: waitS, ...asked }, call) {
      const began = performance.now();
      const request = await chooseRoutine(kind, asked, call);
      const { job, again } = call.jobs.start(request);
      const left = Math.max(0, waitS - (performance.now() - began) / 1000);
      return followJob(job, { waitS: left, again }, call);
    },
  });
}
