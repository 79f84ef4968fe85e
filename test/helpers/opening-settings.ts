import * as z from 'zod';
import { commands } from '../../src/instrument/commands/index.ts';
import { Instrument } from '../../src/simulator/instrument.ts';
import type { Dialect } from '../../src/simulator/request.ts';

/** The settings with which a routine of the simulator opens, on software of an age. */
export function openingSettings(routine: string, dialect: Dialect): Record<string, unknown> {
  let now = 0;
  const clock = { seconds: () => now, wallTime: () => new Date(0) };
  const instrument = new Instrument({ clock, seed: 1, dialect, version: 'test' });
  const ask = (target: string, command: string, parameter: unknown) =>
    instrument.handle({ target, command, parameter, requestId: 1 });
  ask('MAIN', 'StartRoutine', { routine });
  now = 10;
  const { data } = ask('ROUTINE', dialect === 'oldest' ? 'LoadSettings' : 'GetSettings', {});
  // As over the wire: what is undefined is not there.
  const json: unknown = JSON.parse(JSON.stringify(commands.ROUTINE.GetSettings.result.parse(data).settings));
  return z.record(z.string(), z.unknown()).parse(json);
}
