import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import type { Product } from '../instrument/product.ts';
import { kindsOf } from '../measurement/kinds/index.ts';
import type { MeasurementKind } from '../measurement/kinds/kind.ts';
import { measurementWork } from '../measurement/measurement-work.ts';
import { defineTool, type Tool } from './define-tool.ts';
import { followJob, measurementOutput } from './measurement-answer.ts';
import { waitSeconds } from './wait-seconds.ts';

const deviceName = commands.ROUTINE.SetInfo.parameter.shape.device_name
  .unwrap()
  .meta({ description: undefined })
  .optional();
const settings = z.record(z.string(), z.unknown()).describe('Others, as in routine_get_settings.');

/** Free text of several lines, kept with the measurement. */
const note = z
  .string()
  .max(2000)
  .refine((text) => !/[^\P{Cc}\n\r\t]/u.test(text), 'no control characters but line ends and tabs');

const takeOver = z.boolean().optional().describe("End others' run, close their window; a person is asked.");

/** One tool per kind of measurement. What is not asked stays as the instrument has it. */
export function measureTools(product: Product): readonly Tool[] {
  return kindsOf(product).map(measureTool);
}

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
      note: note.optional(),
      wait_s: waitSeconds,
      take_over: takeOver,
    }),
    output: measurementOutput,
    // Whose run or window may be taken over is the call's, as its caller has it.
    async run({ wait_s: waitS, take_over: _, ...args }, call) {
      const began = performance.now();
      const wrong = kind.contradiction?.(args);
      if (wrong !== undefined) throw wrong;
      const request = { work: measurementWork(kind, call.measuring), args, caller: call.caller.id };
      if (call.jobs.same(request) === undefined) {
        await call.archive.requireWritable();
        await call.guard.checkAhead(kind.announces?.(args) ?? [], (command) =>
          call.client.send(command, {}, { signal: call.signal }),
        );
      }
      const { job, again } = call.jobs.start(request);
      const left = Math.max(0, waitS - (performance.now() - began) / 1000);
      return followJob(job, { waitS: left, again, mayAsk: true }, call);
    },
  });
}
