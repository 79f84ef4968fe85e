/**
 * `npm run soak`: many calls from eight callers at once on an instrument that misbehaves; every answer and
 * every failure is compared with the instrument's own record. If a promise is broken, the exit code is 1 and
 * the seed is printed. The seed fixes the draws; the interleaving of the calls depends on the machine.
 */
import { parseArgs } from 'node:util';
import { judgeResult } from './promises.ts';
import { report } from './report.ts';
import { runSoak } from './run-soak.ts';

/** Longest time after the end; a process that lives longer is held by a fault. */
const LINGER_MS = 5000;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
  },
});
const requests = wholeNumber('--requests', values.requests);
const seed = wholeNumber('--seed', values.seed);
console.log(`${requests} calls, seed ${seed}, Node ${process.version}\n`);
const result = await runSoak({
  requests,
  seed,
  onProgress: (done, seconds) => console.log(`${done} calls after ${seconds.toFixed(0)} s`),
});
console.log(`\n${report(result)}\n`);
const isKept = judgeResult(result).every(({ kept }) => kept);
console.log(
  isKept
    ? 'Every promise was kept.'
    : `A promise was BROKEN. Again: npm run soak -- --requests ${requests} --seed ${seed}`,
);
process.exitCode = isKept ? 0 : 1;
setTimeout(() => {
  console.log('The soak itself does not end: something is still open.');
  process.exit(1);
}, LINGER_MS).unref();

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new RangeError(`${name} takes a whole number from 1 on`);
  return number;
}
