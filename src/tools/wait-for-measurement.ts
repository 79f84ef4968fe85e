import { parameters } from '../instrument/command.ts';
import { defineTool } from './define-tool.ts';
import { plainText } from '../text/plain-text.ts';
import { followJob, measurementOutput } from './measurement-answer.ts';
import { waitSeconds } from './wait-seconds.ts';

const jobId = plainText(50).optional().describe('Default: your last one.');

export const waitForMeasurement = defineTool({
  name: 'wait_for_measurement',
  title: 'Wait for the measurement',
  description:
    'Follows a measurement that is under way to its outcome, or says how far it is: repeat until complete.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({ job_id: jobId, wait_s: waitSeconds }),
  output: measurementOutput,
  run: ({ job_id: id, wait_s: waitS }, call) =>
    followJob(call.jobs.find(id, call.caller.id), { waitS }, call),
});

export const cancelMeasurement = defineTool({
  name: 'cancel_measurement',
  title: 'Stop the measurement',
  description: 'Stops a measurement that is under way at once, keeps what was measured, and returns it.',
  kind: 'safety',
  toolset: 'workflow',
  input: parameters({ job_id: jobId }),
  output: measurementOutput,
  run({ job_id: id }, call) {
    const { caller, guard, jobs } = call;
    const job = jobs.find(id, caller.id);
    if (!job.isOf(caller.id))
      guard.requireTakeOver(`stopping ${job.id}, a measurement that ${job.askedBy} asked for`, job.id);
    job.cancel();
    return followJob(job, { waitS: 45 }, call);
  },
});
