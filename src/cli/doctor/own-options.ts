import type { Config } from '../../config.ts';
import { ArkeoError } from '../../errors.ts';
import { fileError } from '../../files/file-error.ts';
import { tryWriting } from '../../files/whole-files.ts';
import { allInOne } from '../../instrument/all-in-one.ts';
import { toolsFor } from '../../tools/index.ts';
import { dataFolderOf } from '../context.ts';
import { requireLimits, requireTools } from '../usable-config.ts';
import type { Finding } from './finding.ts';

/** Checks the effect of the options on this computer, before the instrument is asked. */
export async function* examineOptions(config: Config): AsyncGenerator<Finding> {
  yield await found('limits', () => describeLimits(config));
  yield await found(
    'tools',
    () => `${requireTools(config).length} of ${toolsFor(allInOne).length} are offered`,
  );
  yield await found('data folder', () => describeDataFolder(dataFolderOf(config)));
}

async function found(check: string, look: () => string | Promise<string>): Promise<Finding> {
  try {
    return { check, result: 'ok', detail: await look() };
  } catch (error) {
    if (!(error instanceof ArkeoError)) throw error;
    return { check, result: 'FAILED', detail: error.message, advice: error.hint };
  }
}

/** "profile single_junction, built in: a person is asked beyond -0.5 to 1.4 V or 0.1 A; never beyond -3 to 3 V or 1 A" */
function describeLimits(config: Config): string {
  const { profile, values } = requireLimits(config).for({ routine: undefined, device: undefined });
  const { voltage_v: voltage, current_a: current } = values;
  const beyond = ([min, max]: readonly [number, number], amperes: number): string =>
    `${min} to ${max} V or ${amperes} A`;
  return `profile ${profile}, ${config.limits ?? 'built in'}: a person is asked beyond ${beyond(voltage.soft, current.soft)}; never beyond ${beyond(voltage.hard, current.hard)}`;
}

/** Tries the data folder with a file that is removed again; folders are made by a measurement, and not here. */
async function describeDataFolder(folder: string): Promise<string> {
  try {
    await tryWriting(folder);
    return `${folder} can be written`;
  } catch (error) {
    throw fileError(error, 'trying to write', folder);
  }
}
