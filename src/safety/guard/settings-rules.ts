import type { GateRead } from '../../instrument/command-gate.ts';
import { commands } from '../../instrument/commands/index.ts';
import { InstrumentError } from '../../errors.ts';
import { differences } from '../../text/differences.ts';
import { quote } from '../../text/quote.ts';
import { assessEnvelope } from '../limits/assess.ts';
import type { Limits } from '../limits/limits-file.ts';
import { readSettings, type SettingsReading } from '../limits/read-settings.ts';
import type { SettingsWatch } from '../settings-watch.ts';
import { orRefused } from './situation.ts';
import { ALLOWED, ask, fromFindings, refuse, together, type Verdict } from './verdict.ts';
import { overlaySettings, type Settings } from '../../instrument/settings.ts';

/** ApplySettings: what would come into force, whoever wrote it; what is not named stays as it is. */
export async function onApplying(
  parameter: Settings,
  active: string | null,
  limits: Limits,
  { read, watch }: { read: GateRead; watch: SettingsWatch },
): Promise<Verdict> {
  const inherited = inheritedName(parameter);
  if (inherited !== undefined) return noSetting(inherited);
  const now = await watch.comparing(() => orRefused(() => read(commands.ROUTINE.GetSettings)));
  const settings = now === undefined ? parameter : overlaySettings(now.settings, parameter);
  const reading = readSettings(limits.product.findRoutine(active ?? ''), settings);
  const changes = now === undefined ? undefined : differences(settings, now.settings);
  return together(onReading(active, reading, limits), onUnclear(active, reading, changes));
}

/** A person judges what cannot be read, unless nothing of the settings changes. */
function onUnclear(
  active: string | null,
  { unclear }: SettingsReading,
  changes: readonly string[] | undefined,
): Verdict {
  if (unclear.length === 0 || changes?.length === 0) return ALLOWED;
  const changing =
    changes === undefined ? 'the settings in force could not be read' : `changed: ${listed(changes)}`;
  return ask(
    'limits',
    `settings of ${quote(active ?? '')} that cannot be held against the limits: ${listed(unclear)} (${changing})`,
  );
}

/** The first key at any depth that every JavaScript object inherits: no software of an ARKEO has a setting of that name. */
function inheritedName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = key in Object.prototype ? key : inheritedName(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function noSetting(name: string): Verdict {
  return refuse(
    'invalid_input',
    `${quote(name)} is no name of a setting`,
    'Give names exactly as routine_get_settings shows them.',
  );
}

/**
 * Judges settings that were read. The key of a question names the finding: a person who agreed to settings when they
 * were applied has agreed to measure with them.
 */
function onReading(active: string | null, reading: SettingsReading, limits: Limits): Verdict {
  return together(
    ...reading.faults
      .slice(0, MOST_LISTED)
      .map((fault) => refuse('limit_exceeded', fault, 'Correct the settings, and apply them again.')),
    fromFindings(assessEnvelope(reading, limits), (what) => JSON.stringify(['settings', active ?? '', what])),
  );
}

const MOST_LISTED = 12;

function listed(sentences: readonly string[]): string {
  const more = sentences.length - MOST_LISTED;
  return `${sentences.slice(0, MOST_LISTED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

const READ_AGAIN =
  'Call routine_get_settings. Once it shows the settings, start again; if it does not, a person has to look at the ARKEO screen.';

/** The settings in force, or the refusal to start without them. Older software without settings answers `{}`. */
async function readBeforeStart(
  watch: SettingsWatch,
  read: GateRead,
): Promise<{ settings: Settings } | Verdict> {
  try {
    return await watch.comparing(() => read(commands.ROUTINE.GetSettings));
  } catch (error) {
    if (!(error instanceof InstrumentError)) throw error;
    return refuse(
      'settings_not_read',
      `the settings in force could not be read before the start: ${error.message}`,
      error.code === 4006 ? error.hint : READ_AGAIN,
    );
  }
}

/** StartMeasurement: what is in force is checked, whoever wrote it, and must be what we know. */
export async function onStarting(
  active: string | null,
  limits: Limits,
  { read, watch, warn }: { read: GateRead; watch: SettingsWatch; warn: (text: string) => void },
): Promise<Verdict> {
  const found = await readBeforeStart(watch, read);
  if ('refusals' in found) return found;
  const { settings } = found;
  const changed = watch.changes(settings);
  const others =
    changed.length === 0
      ? ALLOWED
      : refuse(
          'settings_changed',
          settingsChanged(changed),
          'Call routine_get_settings and look at them; then start again, or apply what is wanted.',
        );
  const reading = readSettings(limits.product.findRoutine(active ?? ''), settings);
  if (reading.isEmpty) return together(others, noSettings(reading));
  if (reading.unclear.length > 0)
    warn(
      `not checked against the limits, in the settings of ${quote(active ?? '')}: ${listed(reading.unclear)}`,
    );
  return together(others, onReading(active, reading, limits));
}

/** @param changed a line each */
export function settingsChanged(changed: readonly string[]): string {
  return `somebody changed the settings since they were last read or written here: ${changed.join('; ')}`;
}

function noSettings({ unclear }: SettingsReading): Verdict {
  return refuse(
    'settings_not_read',
    `the settings in force say nothing of voltages and currents: ${listed(unclear)}`,
    READ_AGAIN,
  );
}
