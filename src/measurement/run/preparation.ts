import { commands } from '../../instrument/commands/index.ts';
import { isRecord } from '../../text/is-record.ts';
import { applyArguments } from '../arguments/apply-arguments.ts';
import { documentedSettings } from '../arguments/documented.ts';
import { mergeSettings } from '../arguments/merge-settings.ts';
import type { Settings } from '../../instrument/settings.ts';
import { openRoutine, type OpeningDeps } from './opening.ts';
import type { ArgumentTable } from '../arguments/argument.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Session } from './session.ts';

const { ROUTINE } = commands;

/** A measurement before its start. */
export interface Preparing {
  readonly args: Readonly<Record<string, unknown>>;
  readonly routine: RoutineDefinition;
  readonly session: Session;
  setStep(step: string): void;
  /** The window of the routine was opened for it. */
  noteOpened(): void;
  /** @param what of the instrument was changed, in words */
  noteChanged(what: string): void;
  /** The settings as the instrument returned them. */
  noteSettings(settings: Settings): void;
}

export interface PreparationRules {
  arguments: ArgumentTable;
  /** Refuses settings that must not come into force. Throws InputError. */
  check: (wanted: Settings) => Promise<void>;
  /** Names the arguments that this instrument takes by a command instead, given its settings. */
  byCommand: (settings: Settings) => readonly string[];
}

/** Opens the routine, names the sample, and puts the asked settings into force. Throws ArkeoError. */
export async function prepare(run: Preparing, rules: PreparationRules, deps: OpeningDeps): Promise<void> {
  const { routine, session, args } = run;
  run.setStep(`opening ${routine.name}`);
  if (await openRoutine(session, routine, deps)) run.noteOpened();
  run.setStep('settings');
  const asked = (settings: Settings): Settings =>
    wantedSettings(run, rules, settings, rules.byCommand(settings));
  let found = await deps.guard.readAsShown(() => readSettings(run), asked);
  const without = rules.byCommand(found ?? {});
  let wanted = wantedSettings(run, rules, found ?? {}, without);
  await rules.check(wanted);
  run.setStep('name and area of the sample');
  await nameSample(run);
  run.setStep('applying the settings');
  if (found !== undefined && typeof args['area_cm2'] === 'number') {
    // If the area is a setting too, it has just changed, and must not be changed back.
    found = await deps.guard.readAsShown(() => readSettings(run), asked);
    wanted = wantedSettings(run, rules, found ?? {}, without);
  }
  if (found === undefined || JSON.stringify(wanted) === JSON.stringify(found)) return;
  run.noteSettings(await session.apply(wanted));
  run.noteChanged('the settings');
}

/** The settings in force; undefined where the instrument has none for the routine. */
async function readSettings(run: Preparing): Promise<Settings | undefined> {
  const found = await run.session.settings();
  run.noteSettings(found ?? {});
  return found;
}

/** The settings that would be in force, without applying them. Throws InputError. */
function wantedSettings(
  { args: all, routine }: Preparing,
  { arguments: table }: PreparationRules,
  found: Settings,
  without: readonly string[],
): Settings {
  const args = Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)));
  const patch = args['settings'];
  const merged = isRecord(patch) ? mergeSettings(found, patch, documentedSettings(routine)) : found;
  return applyArguments(merged, table, args, routine.name, isRecord(patch) ? patch : {});
}

async function nameSample(run: Preparing): Promise<void> {
  const { device_name, area_cm2 } = run.args;
  const info = {
    ...(typeof device_name === 'string' ? { device_name } : {}),
    ...(typeof area_cm2 === 'number' ? { device_area: area_cm2 } : {}),
  };
  if (Object.keys(info).length === 0) return;
  await run.session.call(ROUTINE.SetInfo, info);
  run.noteChanged('name or area of the sample');
}
