import { isRecord } from '../../text/is-record.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Envelope, Exposures } from './envelope.ts';
import { darkJvForms } from './dark-jv-form.ts';
import { impedanceForms } from './impedance-form.ts';
import { jvForm } from './jv-form.ts';
import { connectionTestForm, empty, resistivityForms } from './live-form.ts';
import { ipceForms, luminescenceForm } from './optics-form.ts';
import { photoCelivForms, tprForms } from './transients-form.ts';
import type { Reader } from './reader.ts';
import { readByUnits } from './unknown-setting.ts';

/** The settings of these are not documented: read where every number has its unit. */
const byUnits: Reader = (value) =>
  isRecord(value) && Object.keys(value).length > 0 ? readByUnits('', '', value) : undefined;
/** It drives the sample: where no voltage is found, it is named otherwise than could be read. */
const drivenByUnits: Reader = (value, at) => {
  const seen = byUnits(value, at);
  return seen !== undefined && seen.voltages.length > 0 ? seen : undefined;
};

/** In the order in which they are tried. */
const FORMS: Readonly<Record<string, readonly Reader[]>> = {
  JV: [jvForm],
  'Dark JV': darkJvForms,
  IPCE: ipceForms,
  Luminescence: [luminescenceForm],
  PLQY: [byUnits],
  Impedance: impedanceForms,
  MPPT: [drivenByUnits],
  Resistivity: resistivityForms,
  TPR: tprForms,
  'Photo-CELIV': photoCelivForms,
  TCSPC: [empty, byUnits],
  'Connection Test': [connectionTestForm],
  'Pulsed EL': [drivenByUnits],
};

/**
 * What a measurement with these settings exposes the sample to, in any documented form of the settings, also wrapped
 * as `{settings: {...}}`. They must be complete, as GetSettings returns them: a part has to be merged into those in
 * force before. Undefined where they are not understood: a routine or structure that is not known, a value that is
 * missing or of a wrong type, or a member that may be a voltage or current and is not documented.
 */
export function envelopeOf(
  definition: RoutineDefinition | undefined,
  settings: unknown,
): Envelope | undefined {
  if (definition === undefined) return undefined;
  const bare = unwrapped(settings);
  if (!isRecord(bare)) return undefined;
  const seen = firstUnderstood(FORMS[definition.name] ?? [], bare);
  return seen === undefined ? undefined : { ...seen, seconds: definition.expectedSeconds?.(bare) };
}

function firstUnderstood(forms: readonly Reader[], settings: unknown): Exposures | undefined {
  for (const read of forms) {
    const seen = read(settings, '');
    if (seen !== undefined) return seen;
  }
  return undefined;
}

function unwrapped(settings: unknown): unknown {
  if (!isRecord(settings) || Object.keys(settings).length !== 1) return settings;
  const inner = settings['settings'];
  return isRecord(inner) ? inner : settings;
}
