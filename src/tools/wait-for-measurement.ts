import { parameters } from '../instrument/command.ts';
import { defineTool } from './define-tool.ts';
import { followJob, measurementOutput, waitSeconds } from './measurement-answer.ts';
import { plainText } from '../instrument/plain-text.ts';

const jobId = plainText(50).optional().describe('Default: the last one.');

export const waitForMeasurement = defineTool({
  name: 'wait_for_measurement',
  title: 'Wait for the measurement',
  description:
    'Waits for a measurement that is under way and returns its outcome, or how far it is. Call it again until it is complete.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({ job_id: jobId, wait_s: waitSeconds }),
  output: measurementOutput,
  run: ({ job_id: id, wait_s: waitS }, call) => followJob(call.jobs.find(id), { waitS }, call),
});

export const cancelMeasurement = defineTool({
  name: 'cancel_measurement',
  title: 'Stop the measurement',
  description:
    'Stops a measurement that is under way at once, keeps what was measured, and returns it. Waits for nobody.',
  kind: 'safety',
  toolset: 'workflow',
  input: parameters({ job_id: jobId }),
  output: measurementOutput,
  run({ job_id: id }, call) {
    const job = call.jobs.find(id);
    job.cancel();
    return followJob(job, { waitS: 45 }, call);
  },
});
