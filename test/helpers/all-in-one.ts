import { allInOne } from '../../src/instrument/all-in-one.ts';
import { kindsOf } from '../../src/measurement/kinds/index.ts';
import type { Profile } from '../../src/safety/limits/resolve-profiles.ts';
import type { Envelope } from '../../src/safety/limits/envelope.ts';
import { limitSource as limitSourceFor, type LimitSource } from '../../src/safety/limits/limit-source.ts';
import { loadLimits as loadLimitsFor } from '../../src/safety/limits/limits-file.ts';
import { envelopeOf as envelopeOfDefined } from '../../src/safety/limits/settings-envelope.ts';
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
export function envelopeOf(routine: string, settings: unknown): Envelope | undefined {
  return envelopeOfDefined(findRoutine(routine), settings);
}
