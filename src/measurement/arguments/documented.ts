import { settingRows } from '../../instrument/routines/describe.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';

/** Whether a documented form of the routine's settings has a member at this path. */
export function documentedSettings(routine: RoutineDefinition): (path: readonly string[]) => boolean {
  const known = new Set(
    routine.settings.flatMap(({ schema }) =>
      settingRows(schema).flatMap(({ path }) => path.map((_, i) => JSON.stringify(path.slice(0, i + 1)))),
    ),
  );
  return (path) => known.has(JSON.stringify(path));
}
