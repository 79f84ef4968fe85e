import { type Exposures, guessed, NOTHING, together, volts, amperes } from './envelope.ts';
import type { FoundSettings } from './found-settings.ts';

/** Joint meaning of several settings of a routine. */
export interface Consequence {
  /** Beside those that the settings have one by one. */
  readonly exposures?: Exposures;
  /** The routine switches its light on, at the documented levels; true unless it is off for sure. */
  readonly isLit?: boolean;
  /** Why the settings cannot be judged by their numbers, a sentence each. */
  readonly unclear?: readonly string[];
}

/** V: the largest sine, the vendor's preset, of which is known what it does around a Voc that is not. */
const AROUND_VOC = 0.1;

const EXCEED = 'scan_settings › scan › Exceed Voc (%)';
const JV_ENDS = ['scan_settings › scan › Start (V)', 'scan_settings › scan › End (V)'];

/** With Auto Voc a scan goes past Voc, which is taken to be at the ends of the scan at most. */
function jv(settings: FoundSettings): Consequence {
  const percent = Math.max(0, ...settings.numbers(EXCEED));
  const isFixed = settings.value('scan_settings › scan › Auto Voc') === false;
  const beyond = JV_ENDS.map((end) =>
    volts(`${end} with Exceed Voc (%)`, ...settings.numbers(end).map((value) => value * (1 + percent / 100))),
  );
  return {
    exposures: isFixed || percent === 0 ? NOTHING : together(...beyond),
    isLit: settings.word('light › Source') !== 'none',
  };
}

const DARK_ENDS = ['scan_settings › V start (V)', 'scan_settings › V end (V)'];

function darkJv(settings: FoundSettings): Consequence {
  const mode = settings.word('device › general › mode');
  if (mode === 'constantvoltage') return {};
  const inAmperes = DARK_ENDS.map((end) => amperes(`${end}, in A,`, ...settings.numbers(end).map(Math.abs)));
  return mode === undefined
    ? { unclear: ['device › general › mode cannot be read'] }
    : { exposures: guessed(together(...inAmperes)) };
}

/** How two offsets go together is not documented: each, and their sum, with the sine around it. */
function impedance(settings: FoundSettings): Consequence {
  const all = (...places: readonly string[]): number[] => places.flatMap((place) => settings.numbers(place));
  const sine = Math.max(0, ...all('config › frequency › Amplitude (V)', 'Freq › Amplitude').map(Math.abs));
  const shifts = all('config › frequency › Offset (V)', 'Freq › Offset');
  const biases = all('config › offset › Offset (V)', 'Offset › Start', 'Offset › Stop');
  const centres = [0, ...shifts, ...biases, ...biases.flatMap((bias) => shifts.map((shift) => bias + shift))];
  const mode = settings.word('config › offset › mode') ?? settings.word('Offset › Type');
  return {
    exposures: volts('offset ± amplitude', Math.min(...centres) - sine, Math.max(...centres) + sine),
    isLit: settings.word('Light › LightType') !== 'off',
    unclear: [
      ...(mode === undefined ? ['the mode of the offset cannot be read'] : []),
      ...(mode === 'voc' && sine > AROUND_VOC
        ? [`the sine of ${sine} V goes around a Voc that is not known`]
        : []),
      ...(mode === 'fixed' && biases.length === 0 ? ['config › offset › Offset (V) is missing'] : []),
    ],
  };
}

const LIMIT = 'Device_Specific › Voltage Limit (V)';

/** Reads the limits only: SetOutput sets the output itself. The voltage limit acts in Constant Current only. */
function connectionTest(settings: FoundSettings): Consequence {
  const mode = settings.word('Device_General › Mode');
  if (mode === 'constantvoltage') return {};
  const reached = volts(LIMIT, ...settings.numbers(LIMIT).flatMap((limit) => [-limit, limit]));
  return mode === 'constantcurrent'
    ? { exposures: reached }
    : { exposures: guessed(reached), unclear: ['Device_General › Mode cannot be read'] };
}

const NO_CURRENT = 'neither range nor compliance is among the settings';

function photoCeliv(settings: FoundSettings): Consequence {
  const isLimited =
    settings.exposures.currents.length > 0 || settings.numbers('instrument › config › Range').length > 0;
  return isLimited ? {} : { unclear: [NO_CURRENT] };
}

function tpr(settings: FoundSettings): Consequence {
  const isNewest = settings.value('test') !== undefined;
  return isNewest && settings.exposures.currents.length === 0 ? { unclear: [NO_CURRENT] } : {};
}

/** A routine that drives the sample, and whose settings are not documented. */
function driven(settings: FoundSettings): Consequence {
  const { voltages } = settings.exposures;
  return voltages.some(({ guess }) => guess !== true)
    ? {}
    : { unclear: ['no voltage is among the settings'] };
}

const BY_ROUTINE: ReadonlyMap<string, (settings: FoundSettings) => Consequence> = new Map([
  ['JV', jv],
  ['Dark JV', darkJv],
  ['Impedance', impedance],
  ['Connection Test', connectionTest],
  ['Photo-CELIV', photoCeliv],
  ['TPR', tpr],
  ['MPPT', driven],
  ['Pulsed EL', driven],
]);

export function consequenceOf(routine: string, settings: FoundSettings): Consequence {
  return BY_ROUTINE.get(routine)?.(settings) ?? {};
}
