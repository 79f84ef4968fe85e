import { area, deviceName, lightSource, relay, routineNames } from './arguments.ts';
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

const ROUTINES = ['JV', 'MPPT', 'Dark JV', 'Impedance', 'IPCE'];

export const deviceReport = definePrompt({
  name: 'device_report',
  title: 'Full device report',
  description: 'One cell with everything: JV, stabilised power, dark JV, impedance and EQE, with pictures.',
  arguments: {
    device_name: deviceName,
    area_cm2: area,
    relay,
    routines: routineNames(`What to measure, with commas; ${ROUTINES.join(', ')} unless given.`, ROUTINES),
    light_source: lightSource,
  },
  tools: [
    'instrument_status',
    'select_device',
    'check_contact',
    'measure_jv',
    'measure_stabilised_power',
    'measure_dark_jv',
    'measure_impedance',
    'measure_eqe',
    'wait_for_measurement',
    'plot_measurements',
    'compare_measurements',
    'safe_shutdown',
  ],
  text({ device_name, area_cm2, relay: at, routines = ROUTINES, light_source: source }) {
    const sample = passed({ device_name, area_cm2 });
    const jv = `measure_jv(${sample}, order=forward_then_reverse, ${lit(source)})`;
    const measures: Readonly<Record<string, string>> = {
      JV: `${lampReady(source)}${jv}.`,
      MPPT: `measure_stabilised_power(${sample}, duration_s=120, ${lit(source)}).`,
      'Dark JV': `Ask me to close the cover. measure_dark_jv(${sample}, start_v=-0.1, end_v=<Voc + 0.1>).`,
      Impedance: `In the dark: measure_impedance(${sample}, start_hz=0.1, stop_hz=10000, points=30, amplitude_v=0.01, periods=5, bias_mode=fixed, bias_v=<V at the maximum power>).`,
      IPCE: `Ask me whether the lamp is warm and was calibrated within 2 h. measure_eqe(${sample}, start_nm=300, end_nm=850, step_nm=10).`,
    };
    const wanted = ROUTINES.filter((routine) => routines.includes(routine));
    return [
      `Characterise one cell with ${wanted.join(', ')}, and write a report.`,
      ...missing({ device_name, area_cm2 }),
      steps(
        `${LOOK} Leave out what the instrument does not have.`,
        contact(at, device_name),
        ...wanted.map((routine) => measures[routine]),
        `${WAIT} A measurement with a warning that you cannot explain: ask me before the next.`,
        `The JV once more: has the cell changed? plot_measurements(ids=[<id>]) of each.`,
        PUT_BACK,
      ),
      `Report one page: what and under which conditions; a table of all figures; agreement: stabilised power with both scans, integrated Jsc with that of the JV (compare_measurements(ids=[<JV id>, <EQE id>])), ideality; the largest loss; what is in doubt. ${HONESTLY}`,
    ].join('\n');
  },
});
