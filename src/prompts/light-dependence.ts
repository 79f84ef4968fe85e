import { area, deviceName, numbers, OWN_SOURCES, relay, word } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, PUT_BACK, sampleIs, steps, WAIT } from './phrases.ts';

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
      `Find the ideality of a cell, and how its JV depends on light: ${levels.join(', ')} % of one sun.`,
      sampleIs(device_name, area_cm2),
      steps(
        LOOK,
        contact(at, device_name),
        'Ask me to close the cover: other light spoils low levels.',
        `For each level, lowest first: measure_jv(SAMPLE, order=forward_then_reverse, light_source=${source}, light_level_percent=<level>). ${WAIT} Voc not determined: leave that level out.`,
        'The lowest once more: Voc off by 5 mV, the cell changed.',
        'plot_measurements(ids=[<JVs>]).',
        PUT_BACK,
      ),
      `Report a table: level, Jsc, Voc, fill factor, efficiency, mean of both directions. Ideality: slope of Voc against ln(Jsc), over kT/q at the stage temperature. Leave out low levels where the shunt bends it; say which. Exponent of Jsc against level (1: linear). Fill factor falling towards bright light: series resistance; towards dim: shunt. ${HONESTLY}`,
    ].join('\n');
  },
});
