import { area, deviceName, lightSource, numbers, relay } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, lightIs, PUT_BACK, sampleIs, steps, WAIT } from './phrases.ts';

const USUAL = [0.02, 0.1, 0.5, 2];

export const hysteresis = definePrompt({
  name: 'hysteresis',
  title: 'Hysteresis',
  description:
    'JV at several scan rates and both orders, beside the stabilised power: which efficiency counts.',
  arguments: {
    device_name: deviceName,
    area_cm2: area,
    relay,
    scan_rates_v_s: numbers(`In V/s, with commas; ${USUAL.join(', ')} unless given.`, 1e-3, 100, USUAL),
    light_source: lightSource,
  },
  tools: [
    'instrument_status',
    'select_device',
    'check_contact',
    'measure_jv',
    'measure_stabilised_power',
    'wait_for_measurement',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name, area_cm2, relay: at, scan_rates_v_s: given, light_source: source }) {
    return [
      `Has this cell hysteresis, at which scan rate, and which efficiency counts? Rates: ${(given ?? USUAL).join(', ')} V/s.`,
      `${sampleIs(device_name, area_cm2)} ${lightIs(source)}`,
      steps(
        LOOK,
        contact(at, device_name),
        `For each rate: measure_jv(SAMPLE, LIGHT, rate_v_s=<rate>, hold_s=5, order=forward_then_reverse). ${WAIT}`,
        'Where the hysteresis index is largest, the same with order=reverse_then_forward. Turns its sign: history or drift decides, not the direction.',
        'measure_stabilised_power(SAMPLE, LIGHT, duration_s=120). Still changing by 1 % per minute: offer a longer one.',
        'The first rate once more: has the cell changed?',
        'plot_measurements(ids=[<JVs>]).',
        PUT_BACK,
      ),
      `Report per rate both efficiencies and the hysteresis index; where it is largest, how it goes towards slow and fast. Beside them the stabilised efficiency: quote that one, and say how far each scan is off. ${HONESTLY}`,
    ].join('\n');
  },
});
