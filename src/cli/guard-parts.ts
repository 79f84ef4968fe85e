import { limitedDisk } from '../files/limited-disk.ts';
import { systemDisk } from '../files/system-disk.ts';
import { allInOne } from '../instrument/all-in-one.ts';
import { createLogger } from '../logger.ts';
import { takeOver } from '../safety/switch-off-guard/take-over.ts';
import type { Told } from '../safety/switch-off-guard/watch-pipe.ts';

export { leave } from './leave.ts';

/** Puts together what switches off for a server that is gone. Nobody reads its log, so it has none. */
export function switchOffFor(told: Told): Promise<void> {
  return takeOver(told, {
    product: allInOne,
    disk: limitedDisk(systemDisk),
    logger: createLogger({ level: 'silent' }),
    now: () => new Date(),
  });
}
