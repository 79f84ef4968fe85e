import { area, deviceName, number, numbers, relay } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, missing, passed, PUT_BACK, steps, WAIT } from './phrases.ts';

const USUAL = [0.6, 0.7, 0.8, 0.9];

export const impedanceAgainstBias = definePrompt({
  name: 'impedance_against_bias',
  title: 'Impedance against bias',
  description:
    'Impedance spectra at several voltages: recombination resistance, capacitance, time constants.',
  arguments: {
    device_name: deviceName,
    area_cm2: area,
    relay,
    biases_v: numbers(
      `Voltages, with commas; ${USUAL.join(', ')} unless given. Not beyond Voc.`,
      -60,
      60,
      USUAL,
    ),
    light_level: number('Level of the LEDs, 0 to 1 of a sun; 0, dark, unless given.', 0, 1),
  },
  tools: [
    'instrument_status',
    'select_device',
    'check_contact',
    'set_light',
    'measure_impedance',
    'wait_for_measurement',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name, area_cm2, relay: at, biases_v: biases = USUAL, light_level: level = 0 }) {
    return [
      `Measure the impedance of a cell against bias: ${biases.join(', ')} V, ${level === 0 ? 'in the dark' : `at ${level} sun`}.`,
      ...missing({ device_name, area_cm2 }),
      steps(
        LOOK,
        contact(at, device_name),
        level === 0
          ? 'set_light(preset=off). Ask me to close the cover.'
          : `set_light(preset=sun, level=${level}). Tell me that UV is on.`,
        `For each bias: measure_impedance(${passed({ device_name, area_cm2 })}, start_hz=0.1, stop_hz=10000, points=30, amplitude_v=0.01, periods=5, bias_mode=fixed, bias_v=<bias>). About 3 min each. ${WAIT}`,
        'Read the notes. An arc that is not closed at low frequency: halve start_hz. At high frequency: raise stop_hz as far as the instrument takes it. Repeat that bias once.',
        'The first bias once more: more than 10 % off, and the cell drifted.',
        'plot_measurements(ids=[<ids>], kind=nyquist).',
        PUT_BACK,
      ),
      `Report per bias the series resistance, the total resistance, and of each arc resistance, capacitance, time constant; leave out what was not determined or extrapolated, and say so. Capacitance that stays the same with bias is geometric; a large one at low frequency is ionic. Where the resistance falls exponentially, n = q/kT divided by the slope of −ln(resistance) against bias; at low bias the shunt hides it. ${HONESTLY}`,
    ].join('\n');
  },
});
