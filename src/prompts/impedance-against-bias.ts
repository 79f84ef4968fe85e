import { area, deviceName, number, numbers, relay } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, PUT_BACK, sampleIs, steps, WAIT } from './phrases.ts';

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
      `Measure the impedance of a cell at ${biases.join(', ')} V, ${level === 0 ? 'in the dark' : `under ${level} sun`}.`,
      sampleIs(device_name, area_cm2),
      steps(
        LOOK,
        contact(at, device_name),
        level === 0
          ? 'set_light(preset=off). Ask me to close the cover.'
          : `set_light(preset=sun, level=${level}); it has UV.`,
        `For each bias: measure_impedance(SAMPLE, start_hz=0.05, stop_hz=10000, points=30, amplitude_v=0.01, periods=5, bias_mode=fixed, bias_v=<bias>). About 5 min each. ${WAIT}`,
        'An arc not closed: repeat that bias once with half the start_hz, or the highest stop_hz the instrument takes.',
        'The first bias once more: has the cell drifted?',
        'plot_measurements(ids=[<all>], kind=nyquist).',
        PUT_BACK,
      ),
      `Report per bias series and total resistance; per arc resistance, capacitance, time constant. Say what is extrapolated. A constant capacitance is geometric, a large one at low frequency ionic. Where R falls exponentially with bias, ideality is (q/kT)/(−dlnR/dV); at low bias the shunt hides it. ${HONESTLY}`,
    ].join('\n');
  },
});
