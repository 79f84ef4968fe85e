import { expect, it } from 'vitest';
import { startRig } from '../helpers/measuring.ts';

const JV = { light_source: '12_led', light_level_percent: 100, wait_s: 50, device_name: 'A', area_cm2: 0.1 };

/** What measure_jv sends, each name once, in that order; a fault hits the first of each. */
const STEPS = [
  'MAIN.GetActiveRoutine',
  'MAIN.GetAvailableRoutines',
  'MAIN.StartRoutine',
  'ROUTINE.GetTestStatus',
  'ROUTINE.SetInfo',
  'ROUTINE.GetSettings',
  'ROUTINE.ApplySettings',
  'LED.GetStatus',
  'ROUTINE.GetTestData',
  'MUX.GetStatus',
  'TMPCTL.GetStatus',
  'ROUTINE.StartMeasurement',
];
const isRead = (name: string): boolean => name.includes('.Get');

it('sends what the list of steps says', async ({ onTestFinished }) => {
  const rig = await startRig(onTestFinished, { speed: 100 });
  await rig.tools.call('measure_jv', JV);
  expect(new Set(rig.names())).toEqual(new Set(STEPS));
});

it.concurrent.each(
  STEPS.flatMap((step) => (['cut', 'garbage'] as const).map((name) => [step, name] as const)),
)(
  'a measurement whose %s is answered by %s: reads are read again, all else is sent once, and the next is well',
  async (step, name) => {
    const closes: (() => Promise<void>)[] = [];
    const rig = await startRig((close) => closes.push(close), {
      speed: 100,
      faults: [{ name, command: step, nth: 1 }],
    });
    try {
      const answer = await rig.tools.call('measure_jv', JV);
      const sent = rig.names();
      if (isRead(step)) expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
      else {
        expect(answer.error, answer.text).toMatchObject({ outcome: 'unknown' });
        expect(answer.text).toMatch(
          step === 'ROUTINE.StartMeasurement'
            ? /failed at the step "starting"[^]*(?:noted|kept) as/
            : /did not start: at the step "[^"]+": [^]*Nothing was measured/,
        );
      }
      const writes = sent.filter((one) => !isRead(one) && one !== 'ROUTINE.StopMeasurement');
      expect(writes).toEqual([...new Set(writes)]);
      expect(JSON.stringify(rig.other('ROUTINE', 'GetTestStatus'))).not.toMatch(/"Running"|"Starting"/);
      const again = await rig.tools.call('measure_jv', { ...JV, note: 'again' });
      expect(again.structured, again.text).toMatchObject({ state: 'complete' });
    } finally {
      for (const close of closes) await close();
    }
  },
);
