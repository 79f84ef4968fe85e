import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { readReplies } from '../../figures/interpret.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Keeper } from './keeper.ts';
import type { RunData } from './run-data.ts';
import type { Session } from './session.ts';

/**
 * Keeps the data that there is while it measures: a checkpoint. Keeps nothing where there are no rows yet.
 * Throws ArkeoError where the instrument or the disk refuses.
 */
export async function writeCheckpoint(
  routine: RoutineDefinition,
  {
    data,
    session,
    keeper,
    onLive,
  }: { data: RunData; session: Session; keeper: Keeper; onLive: (dataset: Dataset) => void },
): Promise<void> {
  if (routine.collectWhileRunning === true) {
    // Collected data is kept already, reply by reply.
    const collected = readReplies(routine, data.replies);
    if (collected !== undefined) keeper.partial(collected);
    return;
  }
  const live = readReplies(routine, [await data.peek(session)]);
  if (live === undefined) return;
  onLive(live);
  data.checkpoint = data.looked;
  keeper.partial(live, data.checkpoint?.payload);
}
