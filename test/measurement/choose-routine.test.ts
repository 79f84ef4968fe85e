import { expect, it } from 'vitest';
import { chooseRoutine } from '../../src/measurement/choose-routine.ts';
import { trackingKind } from '../../src/measurement/kinds/stabilised-power.ts';
import { ok, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';
import { draft } from '../archive/measurement.ts';

const metrics = [0.9, 0.91].map((value) => ({
  name: 'v_mpp',
  value,
  unit: 'V',
  method: 'grid',
  version: 1,
}));

/** On an instrument without MPPT, with measurements in the archive. */
async function chosen(
  args: Record<string, unknown>,
  ...stored: { routine?: string; device?: string; simulated?: boolean; state?: 'complete' | 'stopped' }[]
) {
  const instrument = await startStateful((name) =>
    name === 'MAIN.GetAvailableRoutines' ? ok({ routines: ['JV', 'Connection Test'] }) : undefined,
  );
  const tools = toolsOn(instrument.port);
  try {
    const ids: string[] = [];
    for (const { routine = 'JV', device = 'A10', simulated = false, state = 'complete' } of stored) {
      const entry = await tools.archive.begin(draft({ routine, device_name: device, simulated, metrics }));
      await entry.end(state, {});
      ids.push(entry.id);
    }
    const later = (minutes: number): Date => new Date(Date.now() + 60_000 * minutes);
    const deps = { ...tools, now: () => later(0), signal: new AbortController().signal };
    const at = (minutes: number) => chooseRoutine(trackingKind, args, { ...deps, now: () => later(minutes) });
    return { ids, now: await at(0).catch(String), inTwoHours: await at(120).catch(String) };
  } finally {
    tools.close();
    await instrument.close();
  }
}

it('holds the V_mpp of the newest JV of this very device, less than an hour old, and says which', async () => {
  const { ids, now, inTwoHours } = await chosen(
    { device_name: 'A10' },
    {},
    { device: 'A1' },
    { routine: 'Dark JV' },
    { state: 'stopped' },
    { simulated: true },
  );
  expect(now).toMatchObject({
    args: { device_name: 'A10' },
    taken: { hold_v: { value: 0.905, unit: 'V', source: 'measured', note: `V_mpp of ${ids[0]}` } },
    warnings: [`holding 0.905 V, the V_mpp of ${ids[0]}`],
  });
  expect(inTwoHours).toMatch(/no JV of "A10" of the last hour shows which voltage to hold/);
});

it.each([
  ['another device', { device: 'A10' }, { device_name: 'A1' }],
  ['a device where none is named', { device: 'A10' }, {}],
  ['a simulated one', { simulated: true }, { device_name: 'A10' }],
  ['a dark curve', { routine: 'Dark JV' }, { device_name: 'A10' }],
  ['one that was stopped', { state: 'stopped' }, { device_name: 'A10' }],
] as const)('does not take the V_mpp of %s', async (_, stored, args) => {
  expect((await chosen(args, stored)).now).toMatch(/shows which voltage to hold/);
});

it('needs no JV where the voltage is given', async () => {
  expect((await chosen({ hold_v: 0.8 })).now).toMatchObject({ args: { hold_v: 0.8 } });
});
