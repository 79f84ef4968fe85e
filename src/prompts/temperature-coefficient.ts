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

const USUAL = [25, 35, 45, 55, 65];

export const temperatureCoefficient = definePrompt({
  name: 'temperature_coefficient',
  title: 'Temperature coefficient',
  description: 'JV at several stage temperatures: coefficients of Voc, Jsc, fill factor and efficiency.',
  arguments: {
    device_name: deviceName,
    area_cm2: area,
    relay,
    temperatures_c: numbers(`In °C, with commas; ${USUAL.join(', ')} unless given.`, -5, 85, USUAL),
    light_source: lightSource,
  },
  tools: [
    'instrument_status',
    'select_device',
    'check_contact',
    'set_stage_temperature',
    'measure_jv',
    'wait_for_measurement',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name, area_cm2, relay: at, temperatures_c: given, light_source: source }) {
    const temperatures = given ?? USUAL;
    const damp = Math.min(...temperatures) < 15;
    return [
      `Find the temperature coefficients of a cell, from its JV at ${temperatures.join(', ')} °C, in this order.`,
      ...missing({ device_name, area_cm2 }),
      steps(
        `${LOOK} Without a temperature controller this cannot be done.`,
        ...(damp
          ? ['Below the dew point water condenses on the cell: ask me whether dry gas flows, and wait.']
          : []),
        contact(at, device_name),
        'For each temperature: set_stage_temperature(temperature_c=<T>, tolerance_c=0.2, stable_for_s=60, wait_s=50), again and again until stable. Not after 10 min, or a warning of the sink: stop and ask me.',
        `${lampReady(source)}Then measure_jv(${passed({ device_name, area_cm2 })}, order=forward_then_reverse, ${lit(source)}). ${WAIT}`,
        'At last the first temperature again: the difference is what the cell lost meanwhile.',
        'plot_measurements(ids=[<ids of the JVs>]).',
        PUT_BACK,
      ),
      `Report a table of stage temperature as measured, Voc, Jsc, fill factor, efficiency, mean of both directions; from straight lines dVoc/dT in mV/K and the relative coefficients in %/K of all four, with how well the lines fit; Voc at 0 K, which is near the band gap in eV; the loss between first and last. ${HONESTLY}`,
    ].join('\n');
  },
});
