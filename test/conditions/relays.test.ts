import { expect, it } from 'vitest';
import { selectRelay } from '../../src/conditions/relays.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { SharedClock, stageTools, startSimulated } from './rig.ts';

const opened = closesAfterEach();

it('every change of device leaves all relays open for 0.2 s', async () => {
  const clock = new SharedClock();
  const simulator = opened(await startSimulated(clock));
  const { connection, client } = opened(stageTools(simulator.port, clock));
  const call = { connection, client, clock, send: { epoch: connection.epoch } };
  for (const [relay, ms] of [
    [1, 200],
    [2, 400],
    [2, 400],
    [0, 400],
    [0, 400],
  ] as const) {
    const { after } = await selectRelay(relay, call);
    expect(after.flatMap((closed, i) => (closed ? [i + 1] : []))).toEqual(relay === 0 ? [] : [relay]);
    expect(clock.now()).toBeCloseTo(ms);
  }
  // Open and close, open and close, nothing, open, nothing.
  expect(simulator.sent).toHaveLength(5);
});
