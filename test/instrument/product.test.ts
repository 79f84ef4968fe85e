import { expect, it } from 'vitest';
import { allInOne } from '../../src/instrument/all-in-one.ts';
import { toolName } from '../../src/instrument/command.ts';
import { defineProduct } from '../../src/instrument/product.ts';
import { jv } from '../../src/instrument/routines/jv.ts';
import { kindsOf } from '../../src/measurement/kinds/index.ts';
import { ConfigurationError } from '../../src/errors.ts';
import { limitSource } from '../../src/safety/limits/limit-source.ts';
import { loadLimits } from '../../src/safety/limits/limits-file.ts';
import { toolsFor } from '../../src/tools/index.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { toolsOn } from '../helpers/tools.ts';

const opened = closesAfterEach();

/** An instrument that measures JV and nothing else. */
const jvOnly = defineProduct({ ...allInOne, routines: [jv] });

it('finds its commands by any of their names, in capitals or not', () => {
  const names = (target: string, name: string) => allInOne.commandsNamed(target, name).map(toolName);
  expect(names('ROUTINE', 'getstatus')).toEqual(['routine_get_test_status']);
  expect(names('MAIN', 'CloseRoutine')).toEqual(['routine_close_routine']);
  expect(names('MAIN', 'StartMeasurement')).toEqual([]);
  expect(names('ROUTINE', 'SETLASER')).toEqual(['luminescence_set_laser', 'tcspc_set_laser']);
  expect(jvOnly.commandsNamed('ROUTINE', 'SetLaser')).toEqual([]);
});

it('decides which tools and kinds of measurement there are', () => {
  const names = toolsFor(jvOnly).map(({ name }) => name);
  expect(names).toContain('measure_jv');
  expect(names).toContain('measure_routine');
  expect(names).toContain('led_set_values');
  for (const gone of ['measure_eqe', 'measure_luminescence', 'luminescence_set_laser', 'tpr_set_mode'])
    expect(names).not.toContain(gone);
  expect(kindsOf(jvOnly).map(({ tool }) => tool)).toEqual(['measure_jv', 'measure_routine']);
});

it('decides which routines a limits file may name', () => {
  const file = JSON.stringify({
    profiles: { module: { by_routine: { IPCE: { led_level: { soft: 1, hard: 1 } } } } },
  });
  expect(() => loadLimits(allInOne, file, 'module')).not.toThrow();
  expect(() => loadLimits(jvOnly, file, 'module')).toThrow(ConfigurationError);
});

it('decides what the guard takes for a command that nothing is known of', async () => {
  const simulator = opened(await startSimulator({ port: 0 }));
  const limits = limitSource(jvOnly, undefined, 'single_junction');
  const on = (product: typeof jvOnly) =>
    opened(toolsOn(simulator.port, {}, 5000, { confirm: 'hazardous', limits, parts: { product } }));
  const closed = (product: typeof jvOnly) =>
    on(product).client.custom('SetShutter', { shutter_status: true });
  await expect(closed(jvOnly)).rejects.toMatchObject({ code: 'confirmation_required' });
  // Known: the guard lets it pass, and the instrument refuses, since nothing is open.
  await expect(closed(allInOne)).rejects.toMatchObject({ outcome: 'refused' });
  expect((await on(jvOnly).call('describe_routine', { routine: 'IPCE' })).isError).toBe(true);
});
