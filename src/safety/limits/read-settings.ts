import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { isRecord } from '../../text/is-record.ts';
import { shown } from '../../text/quote.ts';
import { durationOf, endlessSettings } from './duration.ts';
import { type Envelope, type Exposure, type Exposures, NOTHING, together } from './envelope.ts';
import { FoundSettings } from './found-settings.ts';
import { consequenceOf } from './routine-conditions.ts';
import { leavesOf } from './settings-leaves.ts';
import { foldName } from './setting-name.ts';
import { isSweep } from './sweep.ts';

/** Exposures and time of a measurement with the settings of a routine, and what the reading left open. */
export interface SettingsReading extends Envelope {
  /** Settings that cannot be held against the limits: each place with its value, as a sentence. */
  readonly unclear: readonly string[];
  /** Why the settings are refused, whatever the limits: each place with its value, as a sentence. */
  readonly faults: readonly string[];
  /** Nothing was found of the voltages and currents that every documented form of these settings has. */
  readonly isEmpty: boolean;
}

/**
 * Reads what a measurement with these settings exposes the sample to, also wrapped as `{settings: {...}}`. They must be
 * complete, as GetSettings returns them. Every value that can be read counts, whatever else cannot: a documented setting
 * in any spelling and at any depth, numbers that are text, and what has V or A as its unit.
 */
export function readSettings(definition: RoutineDefinition | undefined, settings: unknown): SettingsReading {
  const bare = unwrapped(settings);
  const leaves = leavesOf(bare);
  if (leaves === undefined || !isRecord(bare))
    return {
      ...NOTHING,
      seconds: undefined,
      unclear: [],
      faults: [isRecord(bare) ? 'the settings are nested too deep' : `the settings are ${shown(bare)}`],
      isEmpty: true,
    };
  const found = new FoundSettings(definition, leaves);
  const more = consequenceOf(definition?.name ?? '', found);
  const exposures = together(exposuresOf(found, more.isLit !== false), more.exposures ?? NOTHING);
  const endless = endlessSettings(found);
  return {
    ...(isInverted(found) ? mirrored(exposures) : exposures),
    seconds: durationOf(definition, bare, found),
    unclear: [
      ...new Set([
        ...(definition === undefined ? ['the routine is not documented'] : []),
        ...(leaves.length === 0 && definition?.name === 'PLQY' ? ['there are none'] : []),
        ...found.found
          .filter(({ unclear }) => unclear)
          .map(({ at, leaf }) => `${at} is ${shown(leaf.value)}`),
        ...found.missing().map((place) => `${place} is missing`),
        ...(more.unclear ?? []),
      ]),
    ],
    faults: endless.map((sentence) => `${sentence}, so that the measurement has no end`),
    isEmpty: found.isDriven && exposures.voltages.length + exposures.currents.length === 0,
  };
}

function unwrapped(settings: unknown): unknown {
  if (!isRecord(settings) || Object.keys(settings).length !== 1) return settings;
  const inner = settings['settings'];
  return isRecord(inner) ? inner : settings;
}

/** Collects the exposures. If the routine's light is off, its documented levels do nothing. */
function exposuresOf({ found }: FoundSettings, isLit: boolean): Exposures {
  return together(
    ...found.map(({ exposures, documented, leaf }) =>
      isLit || (documented === undefined && !isSweep(leaf)) ? exposures : { ...exposures, light: [] },
    ),
  );
}

/** Tells whether any member with a name that begins with "invert" has a value that is not clearly "no". */
function isInverted({ found }: FoundSettings): boolean {
  return found.some(
    ({ leaf: { path, value } }) =>
      foldName(path.at(-1) ?? '').startsWith('invert') &&
      value !== false &&
      value !== 0 &&
      !(typeof value === 'string' && ['false', 'no', 'off', '0'].includes(foldName(value))),
  );
}

/** The device sees the voltages the other way round than they are set: they are judged in both senses. */
function mirrored({ voltages, ...others }: Exposures): Exposures {
  const turned = voltages.map(
    (one): Exposure => ({ ...one, what: `${one.what}, inverted,`, value: -one.value }),
  );
  return { ...others, voltages: [...voltages, ...turned] };
}
