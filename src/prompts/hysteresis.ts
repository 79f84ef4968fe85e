import { area, deviceName, lightSource, numbers, relay } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import {
  contact,
  HONESTLY,
  LOOK,
  lampReady,
  lit,
  missing,
  passed,
  PUT_BACK,
  steps,
  WAIT,
} from './phrases.ts';

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
    const sample = passed({ device_name, area_cm2 });
    const light = lit(source);
    return [
      `Find out whether a cell shows hysteresis, at which scan rate, and which efficiency counts. Rates: ${(given ?? USUAL).join(', ')} V/s.`,
      ...missing({ device_name, area_cm2 }),
      steps(
        LOOK,
        contact(at, device_name),
        `${lampReady(source)}For each rate: measure_jv(${sample}, rate_v_s=<rate>, order=forward_then_reverse, hold_s=5, ${light}). ${WAIT} Slow scans take minutes.`,
        `At the rate with the largest hysteresis index: measure_jv(${sample}, rate_v_s=<rate>, order=reverse_then_forward, hold_s=5, ${light}). If the sign turns with the order, it is drift and not hysteresis.`,
        `measure_stabilised_power(${sample}, duration_s=120, ${light}). Still rising or falling by more than 1 % in the last minute: offer me a longer one.`,
        'The first rate once more: has the cell changed?',
        'plot_measurements(ids=[<ids of the JVs>]).',
        PUT_BACK,
      ),
      `Report per rate the efficiency forward and reverse and the hysteresis index, (reverse − forward)/reverse; where it is largest, and what it does towards slow and fast; the stabilised efficiency beside them. That is the one to quote; say how far each scan is from it. ${HONESTLY}`,
    ].join('\n');
  },
});
