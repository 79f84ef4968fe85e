import { parameters } from '../instrument/command.ts';
import { idArgument } from '../archive/measurement-id.ts';
import { RECOVER } from '../recovery/choose-entry.ts';
import { recoveryWork } from '../recovery/recover.ts';
import { defineTool } from './define-tool.ts';
import { followJob, measurementOutput } from './measurement-answer.ts';
import { waitSeconds } from './wait-seconds.ts';

export const recoverMeasurement = defineTool({
  name: RECOVER,
  title: 'Recover a measurement',
  description:
    'After a crash or lost connection: fetches the data of an interrupted measurement from the instrument.',
  // It writes files of ours; of the instrument it changes nothing.
  kind: 'read',
  toolset: 'workflow',
  input: parameters({
    id: idArgument.optional().meta({ description: 'Default: the newest.' }),
    wait_s: waitSeconds,
  }),
  output: measurementOutput,
  async run({ wait_s: waitS, ...args }, call) {
    const { job, again } = call.jobs.start({
      work: recoveryWork(call.measuring),
      args,
      caller: call.caller.id,
    });
    return followJob(job, { waitS, again }, call);
  },
});
