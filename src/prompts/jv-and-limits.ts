import { area, deviceName, lightSource, relay, storedMeasurement } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, lightIs, passed, PUT_BACK, sampleIs, steps, WAIT } from './phrases.ts';

export const jvAndLimits = definePrompt({
  name: 'jv_and_limits',
  title: 'JV and what limits it',
  description: 'JV under light and in the dark, and which loss costs most: current, voltage or fill factor.',
  arguments: {
    device_name: deviceName,
    area_cm2: area,
    relay,
    light_source: lightSource,
    jv_id: storedMeasurement('A stored JV of the device instead of a new one.', 'JV'),
  },
  tools: [
    'instrument_status',
    'select_device',
    'check_contact',
    'measure_jv',
    'measure_dark_jv',
    'get_measurement',
    'wait_for_measurement',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name, area_cm2, relay: at, light_source: source, jv_id: id }) {
    return [
      'Measure the JV of a cell and tell me what limits it.',
      `${sampleIs(device_name, area_cm2)}${id === undefined ? ` ${lightIs(source)}` : ''}`,
      steps(
        LOOK,
        contact(at, device_name),
        id === undefined
          ? `measure_jv(SAMPLE, LIGHT, order=forward_then_reverse). ${WAIT}`
          : `The JV is stored: get_measurement(${passed({ id })}). Other device or area: ask me.`,
        `Ask me for darkness, cover closed. measure_dark_jv(SAMPLE, start_v=-0.1, end_v=<Voc + 0.1>). ${id === undefined ? '' : WAIT}`.trimEnd(),
        'plot_measurements(ids=[<JV>]).',
        PUT_BACK,
      ),
      `Report both directions, then losses. Fill factor: ideally FF0 = (v − ln(v + 0.72))/(v + 1), v = Voc/(n·kT/q), n and Rs from the dark JV; Rs costs about FF0·Rs·Jsc/Voc, the shunt FF·Voc/(Rsh·Jsc). Voc and Jsc: against what the band gap allows; Jsc low: doubt area and light, propose an EQE. Hysteresis index above 5 %: propose the stabilised power. Name the largest loss, and what would test it. ${HONESTLY}`,
    ].join('\n');
  },
});
