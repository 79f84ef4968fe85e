import { area, deviceName, numbers, OWN_SOURCES, relay, word } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, missing, passed, PUT_BACK, steps, WAIT } from './phrases.ts';

const USUAL = [1, 3, 10, 30, 100];

export const lightDependence = definePrompt({
  name: 'light_dependence',
  title: 'Light dependence and ideality',
  description:
    'JV at several light levels: ideality from Voc, linearity of Jsc, what limits the fill factor.',
  arguments: {
    device_name: deviceName,
    area_cm2: area,
    relay,
    light_levels_percent: numbers(`Levels in %, ${USUAL.join(', ')} unless given.`, 0.1, 100, USUAL),
    light_source: word('Light that can be dimmed; 12_led unless given.', OWN_SOURCES),
  },
  tools: [
    'instrument_status',
    'select_device',
    'check_contact',
    'measure_jv',
    'wait_for_measurement',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name, area_cm2, relay: at, light_levels_percent: given, light_source: source = '12_led' }) {
    const levels = (given ?? USUAL).toSorted((a, b) => a - b);
    return [
      `Find how the JV of a cell depends on light, at ${levels.join(', ')} % of one sun, and its ideality.`,
      ...missing({ device_name, area_cm2 }),
      steps(
        LOOK,
        contact(at, device_name),
        'Ask me to close the cover: other light spoils the low levels.',
        `For each level, the lowest first: measure_jv(${passed({ device_name, area_cm2 })}, order=forward_then_reverse, light_source=${source}, light_level_percent=<level>, irradiance_mw_cm2=100). ${WAIT} If Voc is not determined, go on and leave that level out.`,
        'The lowest level once more: if its Voc moved by more than 5 mV, the cell changed; say so.',
        'plot_measurements(ids=[<ids of the JVs>]).',
        PUT_BACK,
      ),
      `Report a table of level, Jsc, Voc, fill factor, efficiency, mean of both directions. Ideality: slope of Voc against ln(Jsc), divided by kT/q at the stage temperature; with Jsc, since the level is only what was set. Leave out low levels where it bends towards the shunt, and say which. Exponent of Jsc against the level, on logarithmic axes: 1 is linear. Fill factor that falls towards bright light: series resistance; towards dim light: shunt. ${HONESTLY}`,
    ].join('\n');
  },
});
