import { setTimeout as sleep } from 'node:timers/promises';

/** How long an operation of the disk, or a line of the log, may take to be finished. */
const SETTLE_MS = 100;
const LOOK_MS = 5;

/**
 * Ends this process. Node waits at its end for every operation of the system that it has begun, and a disk that does not
 * answer holds it up for ever: then it is killed.
 */
export async function leave(exitCode: number): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  while (isWaitingForSystem() && performance.now() < until) await sleep(LOOK_MS);
  if (isWaitingForSystem()) process.kill(process.pid, 'SIGKILL');
  else process.exit(exitCode);
}

/** Operations in the threads of Node: of the disk, and the names of hosts that are looked up. */
function isWaitingForSystem(): boolean {
  return process.getActiveResourcesInfo().some((kind) => /^(FSReq|GetAddrInfoReq)/.test(kind));
}
