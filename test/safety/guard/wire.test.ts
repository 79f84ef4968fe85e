import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Rig, startRig } from '../../helpers/measuring.ts';
import { calls, type GeneratedCall } from './arbitrary-calls.ts';
import { WireChecker } from './wire-checker.ts';

const TIME_LIMIT_MS = 8000;

/** What somebody else does meanwhile. */
const deeds = [
  ['MAIN', 'StartRoutine', { routine: 'Impedance' }],
  ['MAIN', 'StartRoutine', { routine: 'JV' }],
  ['ROUTINE', 'StartMeasurement', {}],
  ['ROUTINE', 'StopMeasurement', {}],
  ['ROUTINE', 'CloseRoutine', {}],
  ['ROUTINE', 'ApplySettings', { scan_settings: { scan: { 'End (V)': 2.5 } } }],
  ['TMPCTL', 'SetTemperature', { temperature: 82 }],
  ['LED', 'SetValues', { address: 1, values: Array.from({ length: 12 }, () => 1) }],
] as const;

type Step = { at: 'once'; calls: readonly GeneratedCall[] } | { at: 'other'; deed: (typeof deeds)[number] };
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(calls, { minLength: 1, maxLength: 3 }).map((c): Step => ({ at: 'once', calls: c })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...deeds).map((deed): Step => ({ at: 'other', deed })) },
);

async function carryOut(step: Step, { tools, other }: Rig, checker: WireChecker): Promise<void> {
  if (step.at === 'once') {
    await Promise.all(step.calls.map(({ tool, args }) => tools.call(tool, args)));
    return;
  }
  const { running } = tools.jobs;
  // What happens between our look and our command nobody can know.
  if (running !== undefined) return;
  const [target, command, parameter] = step.deed;
  const { status } = other(target, command, parameter);
  if (status !== 'OK') return;
  if (command === 'StartRoutine') checker.othersOpened();
  if (command === 'StartMeasurement') checker.othersStarted();
}

it('whatever is called, and however much at once: nothing beyond the limits and nothing hazardous is written', async () => {
  let judged = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 25 }), async (sequence) => {
      const closes: (() => Promise<void>)[] = [];
      let checker: WireChecker | undefined;
      const rig = await startRig((close) => closes.push(close), {
        speed: 100,
        confirm: 'hazardous',
        onRequest: (request) => checker?.check(request),
      });
      checker = new WireChecker(rig.other);
      try {
        for (const one of sequence) await carryOut(one, rig, checker);
        rig.tools.jobs.running?.cancel();
        await rig.tools.jobs.running?.wait(5000, new AbortController().signal);
      } finally {
        for (const close of closes) await close();
      }
      judged += checker.judged;
      expect(checker.violations, checker.trace.join('\n')).toEqual([]);
    }),
    { numRuns: 10_000, endOnFailure: true, plugins: [fc.interruptAfterTimeLimit(TIME_LIMIT_MS)] },
  );
  // Otherwise everything was refused, and nothing shown.
  expect(judged).toBeGreaterThan(50);
}, 60_000);
