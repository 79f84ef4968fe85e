import { area, deviceName, lightSource, relay, storedMeasurement } from './arguments.ts';
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
    const sample = passed({ device_name, area_cm2 });
    return [
      'Measure the JV of a cell and tell me what limits it.',
      ...missing({ device_name, area_cm2 }),
      steps(
        LOOK,
        contact(at, device_name),
        id === undefined
          ? `${lampReady(source)}measure_jv(${sample}, order=forward_then_reverse, ${lit(source)}). ${WAIT}`
          : `The JV is there: get_measurement(${passed({ id })}). If device or area are others, ask me.`,
        `Ask me to close the cover and take other light away. measure_dark_jv(${sample}, start_v=-0.1, end_v=<Voc + 0.1>).`,
        'plot_measurements(ids=[<JV id>]).',
        PUT_BACK,
      ),
      `Report the figures of both directions, then the losses. Fill factor: without resistances FF0 = (v − ln(v + 0.72))/(v + 1), with v = Voc/(n·kT/q) and the ideality n of the dark JV; series resistance (dark) costs about FF0·Rs·Jsc/Voc, shunt (under light) about FF·Voc/(Rsh·Jsc). Voltage: Voc against what the band gap allows, and the non-radiative loss if the dark JV gives it. Current: against that gap; if low, area and light first, then an EQE. Hysteresis index above 5 %: JV does not decide; offer measure_stabilised_power. Name the largest loss, how sure you are, and one measurement that would test it. ${HONESTLY}`,
    ].join('\n');
  },
});
