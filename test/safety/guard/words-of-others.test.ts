import { describe, expect, it } from 'vitest';
import { ok, refused, startStateful } from '../../helpers/stateful-instrument.ts';
import { toolsOn } from '../../helpers/tools.ts';

const CALLS: [string, Record<string, unknown>][] = [
  ['led_set_values', { address: 1, values: Array.from({ length: 12 }, () => 0.5) }],
  ['mux_set_status', { state: [true, false, false, false] }],
  ['routine_set_info', { device_name: 'A1' }],
  ['routine_start_measurement', {}],
];

/** The guard's answers while somebody else's window shows this status. */
async function refusals(answer: Record<string, unknown>) {
  const instrument = await startStateful((name) => (name === 'ROUTINE.GetTestStatus' ? answer : undefined));
  const tools = toolsOn(instrument.port);
  try {
    const codes: unknown[] = [];
    for (const [tool, args] of CALLS) codes.push((await tools.call(tool, args)).error);
    const written = instrument.received
      .map(({ command }) => command)
      .filter((name) => !name.startsWith('Get'));
    return { codes, written };
  } finally {
    tools.close();
    await instrument.close();
  }
}

describe('into the window of somebody else nothing is sent', () => {
  it.each(['Paused', 'Measuring', 'Acquiring', 'Stopping', 'Busy', 'Initializing', ''])(
    'while its status is "%s"',
    async (word) => {
      const { codes, written } = await refusals(
        ok({ routine_status: word, routine_name: 'JV', progress: null, error: null }),
      );
      for (const code of codes) expect(code).toMatchObject({ outcome: 'not_sent' });
      expect(written).toEqual([]);
    },
  );

  it('while it is open and its status says that no routine is', async () => {
    const { written } = await refusals(refused(4006, 'no active routine'));
    expect(written).toEqual([]);
  });
});
