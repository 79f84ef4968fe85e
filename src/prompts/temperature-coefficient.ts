import { area, deviceName, lightSource, numbers, relay } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, lightIs, PUT_BACK, sampleIs, steps, WAIT } from './phrases.ts';

const USUAL = [25, 35, 45, 55, 65];
/** °C below which the air of a room may condense. */
const DAMP = 15;

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
    const damp = Math.min(...temperatures) < DAMP;
    return [
      `Find the temperature coefficients of a cell from its JV at ${temperatures.join(', ')} °C.`,
      `${sampleIs(device_name, area_cm2)} ${lightIs(source)}`,
      steps(
        `${LOOK} No temperature controller: stop.`,
        contact(at, device_name),
        ...(damp ? ['Water may condense: ask me about dry gas.'] : []),
        'In this order: set_stage_temperature(temperature_c=<T>, tolerance_c=0.2, stable_for_s=60, wait_s=50), repeated until stable. Not in 10 min, or a warning: ask me.',
        `Then measure_jv(SAMPLE, LIGHT, order=forward_then_reverse). ${WAIT} Voc not in a scan: measure again with auto_voc=false; still not: ask me for end_v.`,
        'The first temperature once more: has the cell changed?',
        'plot_measurements(ids=[<JVs>]).',
        PUT_BACK,
      ),
      `Report a table: stage temperature as measured, Voc, Jsc, fill factor, efficiency, mean of both directions. From straight lines dVoc/dT in mV/K, all four in %/K, how well they fit, Voc at 0 K (near the band gap). What the cell lost. ${HONESTLY}`,
    ].join('\n');
  },
});
