import { isRecord } from '../../text/is-record.ts';
import { readNumber, readSetting } from '../../instrument/routines/read-setting.ts';
import { type Exposures, together, volts } from './envelope.ts';
import {
  level,
  members,
  number,
  oneOf,
  optional,
  type Reader,
  text,
  considering,
  voltage,
} from './reader.ts';

/** V: the largest sine, the vendor's preset, of which is known what it does around a Voc that is not. */
const AROUND_VOC = 0.1;

/** How two offsets go together is not documented: each, and their sum, with the sine around it. */
function swing(amplitude: number, bias: readonly number[], shift: number): Exposures {
  const centres = [shift, ...bias.flatMap((one) => [one, one + shift])];
  return volts(
    'offset ± amplitude',
    ...centres.flatMap((centre) => [centre - amplitude, centre + amplitude]),
  );
}

const newest = members({
  instrument: text,
  config: considering(
    members({
      frequency: members({
        mode: text,
        ramp: members({ 'Start (Hz)': number, 'Stop (Hz)': number, Steps: number }),
        'Amplitude (V)': voltage,
        'Offset (V)': voltage,
        Periods: number,
      }),
      offset: members({ mode: oneOf('Fixed', 'Voc'), 'Offset (V)': optional(voltage) }),
      light: members({ mode: oneOf('Off') }),
    }),
    (config, seen) => {
      const amplitude = readNumber(config, ['frequency', 'Amplitude (V)']) ?? 0;
      const bias = readNumber(config, ['offset', 'Offset (V)']);
      const fixed = readSetting(config, ['offset', 'mode']) === 'Fixed';
      if (fixed ? bias === undefined : Math.abs(amplitude) > AROUND_VOC) return undefined;
      const shift = readNumber(config, ['frequency', 'Offset (V)']) ?? 0;
      return together(seen, swing(amplitude, bias === undefined ? [] : [bias], shift));
    },
  ),
});

const frequencies: Reader = (value, at) => {
  if (!isRecord(value)) return undefined;
  return members(Object.fromEntries(Object.keys(value).map((key) => [key, frequency(key)])))(value, at);
};
function frequency(key: string): Reader {
  return /^(Start|Stop)( \(Hz\))?$|^Steps$/.test(key) ? number : () => undefined;
}

const older = considering(
  members({
    Freq: members({
      FreqType: text,
      Frequency: frequencies,
      Amplitude: voltage,
      Offset: voltage,
      Periods: number,
    }),
    Offset: members({ Type: oneOf('Fixed', 'Voc', 'Ramp'), Start: voltage, Stop: voltage, Steps: number }),
    Light: members({ LightType: text, 'LED Type': text, Start: level, Stop: level, Steps: number }),
    LED: members({ 'LED Level': level }),
  }),
  (settings, seen) => {
    const at = (...path: string[]): number => readNumber(settings, path) ?? 0;
    const amplitude = at('Freq', 'Amplitude');
    if (readSetting(settings, ['Offset', 'Type']) === 'Voc' && Math.abs(amplitude) > AROUND_VOC)
      return undefined;
    const dark = readSetting(settings, ['Light', 'LightType']) === 'Off';
    return together(
      dark ? { ...seen, light: [] } : seen,
      swing(amplitude, [at('Offset', 'Start'), at('Offset', 'Stop')], at('Freq', 'Offset')),
    );
  },
);

export const impedanceForms: readonly Reader[] = [newest, older];
