import { folded } from '../../text/closest.ts';
import { isRecord } from '../../text/is-record.ts';

const WORDS: ReadonlyMap<string, 'voltage' | 'current'> = new Map([
  ['constantvoltage', 'voltage'],
  ['constantcurrent', 'current'],
]);

/**
 * The quantity that SetOutput of Connection Test sets, from the settings in force. Only `Device_General › Mode` counts:
 * undefined where it is missing, stands there twice, or has another word.
 */
export function outputModeOf(settings: unknown): 'voltage' | 'current' | undefined {
  const mode = onlyMember(onlyMember(settings, 'Device_General'), 'Mode');
  return typeof mode === 'string' ? WORDS.get(folded(mode)) : undefined;
}

/** The member of that name in any spelling of case, spaces and underscores; undefined where several have it. */
function onlyMember(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined;
  const found = Object.entries(value).filter(([key]) => folded(key) === folded(name));
  return found.length === 1 ? found[0]?.[1] : undefined;
}
