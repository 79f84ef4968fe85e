import type { GateRead } from '../../instrument/command-gate.ts';
import { commands } from '../../instrument/commands/index.ts';
import { InstrumentError } from '../../errors.ts';
import { differences } from '../../text/differences.ts';
import { isRecord, ownValue } from '../../text/is-record.ts';
import { quote } from '../../text/quote.ts';
import { assessEnvelope } from '../limits/assess.ts';
import type { Limits } from '../limits/limits-file.ts';
import type { Envelope } from '../limits/envelope.ts';
import { envelopeOf } from '../limits/settings-envelope.ts';
import type { SettingsWatch } from '../settings-watch.ts';
import { orRefused } from './situation.ts';
import { ALLOWED, ask, fromFindings, refuse, together, type Verdict } from './verdict.ts';
import type { Settings } from '../../instrument/settings.ts';

/** ApplySettings: what would come into force, whoever wrote it; what is not named stays as it is. */
export async function onApplying(
  parameter: Settings,
  active: string | null,
  limits: Limits,
  { read, watch }: { read: GateRead; watch: SettingsWatch },
): Promise<Verdict> {
  const inherited = inheritedName(parameter);
  if (inherited !== undefined) return noSetting(inherited);
  const routine = active ?? '';
  const now = await watch.comparing(() => orRefused(() => read(commands.ROUTINE.GetSettings)));
  const settings = now === undefined ? parameter : mergeSettings(now.settings, parameter);
  const envelope = envelopeOf(limits.product.findRoutine(routine), settings);
  if (envelope !== undefined) return onEnvelope(routine, envelope, limits);
  if (now !== undefined && differences(settings, now.settings).length === 0) return ALLOWED;
  return ask(
    'limits',
    `settings of ${quote(routine)} that the limits cannot be checked against, with changed values`,
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

/** Who agreed to settings when they were applied has agreed to measure with them. */
function onEnvelope(routine: string, envelope: Envelope, limits: Limits): Verdict {
  return fromFindings(assessEnvelope(envelope, limits), (what) =>
    JSON.stringify(['settings', routine, what]),
  );
}

/** `part` in place of what it names, object by object. */
function mergeSettings(whole: Settings, part: Settings): Settings {
  return Object.fromEntries(
    [...new Set([...Object.keys(whole), ...Object.keys(part)])].map((key) => {
      const old = ownValue(whole, key);
      if (!Object.hasOwn(part, key)) return [key, old];
      const fresh = part[key];
      return [key, isRecord(old) && isRecord(fresh) ? mergeSettings(old, fresh) : fresh];
    }),
  );
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
          `somebody changed the settings since they were last read or written here: ${changed.join('; ')} (known here, then in force)`,
          'Call routine_get_settings and look at them; then start again, or apply what is wanted.',
        );
  const routine = active ?? '';
  const envelope = envelopeOf(limits.product.findRoutine(routine), settings);
  if (envelope !== undefined) return together(others, onEnvelope(routine, envelope, limits));
  const known = limits.product.findRoutine(routine);
  if (known === undefined || known.settings.length === 0) {
    warn(`the settings of ${quote(routine)} are not documented: they were not checked against the limits`);
    return others;
  }
  warn(`the settings of ${quote(routine)} have no documented form: they were not checked against the limits`);
  return others;
}
