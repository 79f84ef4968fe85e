import { darkJv } from '../instrument/routines/dark-jv.ts';
import { impedance } from '../instrument/routines/impedance.ts';
import { ipce } from '../instrument/routines/ipce.ts';
import { jv } from '../instrument/routines/jv.ts';
import { mppt } from '../instrument/routines/mppt.ts';
import type { RoutineDefinition } from '../instrument/routines/routine.ts';
import { area, deviceName, lightSource, relay, routineNames } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, lightIs, PUT_BACK, sampleIs, steps, WAIT } from './phrases.ts';

/** Measurements in their order: the dark ones after those under light, the longest last. */
const MEASURES: readonly (readonly [RoutineDefinition, string])[] = [
  [jv, 'measure_jv(SAMPLE, LIGHT, order=forward_then_reverse).'],
  [mppt, 'measure_stabilised_power(SAMPLE, LIGHT, duration_s=120).'],
  [darkJv, 'Ask me for darkness, cover closed. measure_dark_jv(SAMPLE, start_v=-0.1, end_v=<Voc + 0.1>).'],
  [
    impedance,
    'Dark: measure_impedance(SAMPLE, start_hz=0.05, stop_hz=10000, points=30, amplitude_v=0.01, periods=5, bias_mode=fixed, bias_v=<0.7 Voc>).',
  ],
  [ipce, 'Ask me: lamp warm and calibrated? measure_eqe(SAMPLE, start_nm=300, end_nm=850).'],
];
const ROUTINES = MEASURES.map(([routine]) => routine);
const NAMES = ROUTINES.map(({ name }) => name);

export const deviceReport = definePrompt({
  name: 'device_report',
  title: 'Full device report',
  description: 'One cell with everything: JV, stabilised power, dark JV, impedance and EQE, with pictures.',
  arguments: {
    device_name: deviceName,
    area_cm2: area,
    relay,
    routines: routineNames(`What to measure, with commas; ${NAMES.join(', ')} unless given.`, ROUTINES),
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
  text({ device_name, area_cm2, relay: at, routines = NAMES, light_source: source }) {
    const wanted = MEASURES.filter(([{ name }]) => routines.includes(name));
    return [
      'Characterise one cell.',
      `${sampleIs(device_name, area_cm2)} ${lightIs(source)}`,
      steps(
        LOOK,
        contact(at, device_name),
        ...wanted.map(([, call]) => call),
        WAIT,
        ...(routines.includes(jv.name) ? ['The JV once more: has the cell changed?'] : []),
        'plot_measurements(ids=[<id>]) of each.',
        PUT_BACK,
      ),
      `Report all figures in a table, the largest loss, doubts, and what agrees: stabilised efficiency and JV, Jsc and EQE (compare_measurements(ids=[<JV>, <EQE>])). ${HONESTLY}`,
    ].join('\n');
  },
});
