import { allInOne } from '../../src/instrument/all-in-one.ts';
import { kindsOf } from '../../src/measurement/kinds/index.ts';
import type { Profile } from '../../src/safety/limits/resolve-profiles.ts';
import { limitSource as limitSourceFor, type LimitSource } from '../../src/safety/limits/limit-source.ts';
import { loadLimits as loadLimitsFor } from '../../src/safety/limits/limits-file.ts';
import {
  readSettings as readSettingsOf,
  type SettingsReading,
} from '../../src/safety/limits/read-settings.ts';
import { toolsFor } from '../../src/tools/index.ts';

/** The lists and look-ups of the All-in-One, on which nearly every test works. */
export const { routines, findRoutine, allCommands, commands: commandList } = allInOne;
export const tools = toolsFor(allInOne);
export const measurementKinds = kindsOf(allInOne);

export function limitSource(file: string | undefined, profile: string): LimitSource {
  return limitSourceFor(allInOne, file, profile);
}

export function loadLimits(text: string | undefined, profile?: string): { limits: Profile } {
  return loadLimitsFor(allInOne, text, profile);
}

/** What the settings of a routine, by any of its names, expose the sample to. */
export function readSettings(routine: string, settings: unknown): SettingsReading {
  return readSettingsOf(findRoutine(routine), settings);
}
