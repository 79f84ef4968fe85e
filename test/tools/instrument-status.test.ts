import { expect, it } from 'vitest';
import { closesAfterEach } from '../helpers/open.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const opened = closesAfterEach();

it('one part that hangs does not hide the others', { timeout: 20_000 }, async () => {
  const instrument = opened(
    await startStateful((name) => (name === 'TMPCTL.GetStatus' ? 'silent' : undefined)),
  );
  const { call } = opened(toolsOn(instrument.port));
  const { structured } = await call('instrument_status');
  expect(structured).toMatchObject({
    routine: 'JV',
    routine_status: 'Ready',
    relays: { count: 4, closed: [] },
    temperatures: null,
  });
  expect(structured['unavailable']).toEqual([expect.stringContaining('TMPCTL.GetStatus')]);
  expect(structured).not.toHaveProperty('alarms');
});

it('nothing that answers is said after one try', { timeout: 20_000 }, async () => {
  const instrument = opened(await startFake(() => undefined));
  const { call } = opened(toolsOn(instrument.port));
  expect((await call('instrument_status')).structured).toMatchObject({
    connection: { state: expect.not.stringMatching(/^connected/) },
    alarms: [expect.stringContaining('NOT CONNECTED')],
  });
  expect(instrument.received).toHaveLength(1);
});
