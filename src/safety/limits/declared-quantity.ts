import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { DocumentedSetting } from './documented-settings.ts';
import { electricalScale } from './amount.ts';
import type { Quantity } from './quantity.ts';
import { isAbout, LIGHT } from './setting-name.ts';

const IDLE_LIMIT: Quantity = { is: 'idle_limit', scale: 1 };
const only = (...words: readonly string[]): Quantity => ({ is: 'word', only: words });
const between = (min: number, max: number): Quantity => ({ is: 'number', min, max });

/** Settings that mean something else than their unit says, by routine and place. */
const EXCEPTIONS: ReadonlyMap<string, ReadonlyMap<string, Quantity>> = new Map(
  Object.entries({
    'Dark JV': {
      // In any other mode the numbers of the scan would not be voltages.
      'device › general › mode': only('Constant Voltage'),
      'device › specific › voltage_compliance': IDLE_LIMIT,
    },
    IPCE: {
      'device › configuration › Current Range': { is: 'current_range' },
      // It is one of measuring, and nothing that is put out.
      'device › configuration › Voltage Range': between(0, 2),
    },
    Impedance: {
      'config › offset › mode': only('Fixed', 'Voc'),
      'config › light › mode': only('Off'),
      'Offset › Type': only('Fixed', 'Voc', 'Ramp'),
    },
    Resistivity: { 'acquisition › V limit': { is: 'voltage_limit', scale: 1 } },
    TPR: {
      test: only('TPV', 'TPC'),
      'device_settings › Voltage Compliance': IDLE_LIMIT,
      'output_settings › level › start_unit': only('a.u.'),
      'output_settings › level › end_unit': only('a.u.'),
      // Not documented; taken for one of light, like the others there, as long as it can be.
      'output_settings › level › offset': between(-1, 1),
      'output_settings › level › bias': between(0, 1),
    },
    // The meaning of the other indices is not documented; 0 is the preset.
    'Photo-CELIV': { 'instrument › config › Range': between(0, 0) },
    'Connection Test': {
      'Device_General › Mode': only('Constant Voltage', 'Constant Current'),
      'Device_Specific › Voltage Limit (V)': IDLE_LIMIT,
    },
  } satisfies Record<string, Record<string, Quantity>>).map(([routine, places]) => [
    routine,
    new Map(Object.entries(places)),
  ]),
);

/**
 * Tells what a documented setting means for the sample: by the unit and type that it is declared with, or as an
 * exception.
 */
export function declaredQuantity({ name }: RoutineDefinition, setting: DocumentedSetting): Quantity {
  return EXCEPTIONS.get(name)?.get(setting.path.join(' › ')) ?? byDeclaration(setting);
}

function byDeclaration({ path, unit, type, constant }: DocumentedSetting): Quantity {
  const of = electricalScale(unit);
  if (of !== undefined) return { is: of.base === 'V' ? 'voltage' : 'current', scale: of.scale };
  if (unit === 'a.u.') return { is: 'light', scale: 1 };
  switch (type) {
    case 'number':
      return isAbout(path.at(-1) ?? '', LIGHT) && ['', '%'].includes(unit)
        ? { is: 'light', scale: unit === '%' ? 0.01 : 1 }
        : { is: 'number' };
    case 'text':
      return constant === undefined ? { is: 'word' } : only(constant);
    case 'boolean':
      return { is: 'flag' };
    case 'any':
      return { is: 'anything' };
    case 'array':
      // A list is read row by row. Nothing else is known to stand there.
      return only();
  }
}

const OF_TIME = new Set(['', 's', 'ms', 'min', 'h', 'Hz', '1/s', 'S/s', 'V/s']);

/** The lower bound of a number that a duration depends on; undefined for other settings. */
export function paceBound({
  path,
  unit,
  type,
  above,
  least,
}: DocumentedSetting): { above: number } | { least: number } | undefined {
  const isStep = ['V', 'nm'].includes(unit) && isAbout(path.at(-1) ?? '', /^(step|dv)$/);
  if (type !== 'number' || !(isStep || OF_TIME.has(unit))) return undefined;
  if (above !== undefined) return { above };
  return least === undefined ? undefined : { least };
}
