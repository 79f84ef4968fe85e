import { area, deviceName, lightSource, number, relay, storedMeasurement } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { contact, HONESTLY, LOOK, lightIs, passed, PUT_BACK, sampleIs, steps, WAIT } from './phrases.ts';

export const eqeAgainstJv = definePrompt({
  name: 'eqe_against_jv',
  title: 'EQE against JV',
  description: 'EQE (IPCE) and whether its integrated current agrees with the Jsc of the JV.',
  arguments: {
    device_name: deviceName,
    area_cm2: area,
    relay,
    start_nm: number('First wavelength in nm, 300 unless given.', 200, 2500),
    end_nm: number('Last wavelength in nm, beyond the band edge; 850 unless given.', 200, 2500),
    jv_id: storedMeasurement('A stored JV of the device instead of a new one.', 'JV'),
    light_source: lightSource,
  },
  tools: [
    'instrument_status',
    'select_device',
    'check_contact',
    'measure_jv',
    'get_measurement',
    'measure_eqe',
    'wait_for_measurement',
    'compare_measurements',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name, area_cm2, relay: at, start_nm = 300, end_nm = 850, jv_id: id, light_source: source }) {
    return [
      'Measure the EQE of a cell: does its current agree with the JV?',
      `${sampleIs(device_name, area_cm2)}${id === undefined ? ` ${lightIs(source)}` : ''}`,
      steps(
        LOOK,
        contact(at, device_name),
        id === undefined
          ? `measure_jv(SAMPLE, LIGHT, order=forward_then_reverse). ${WAIT}`
          : `The JV is stored: get_measurement(${passed({ id })}). Other device, area or light: ask me.`,
        'Ask me, and wait: monochromator lamp on for 20 min, calibrated within 2 h, cell under the spot, cover closed?',
        `measure_eqe(SAMPLE, start_nm=${start_nm}, end_nm=${end_nm}, step_nm=10, bias_v=0, bias_light=0).${id === undefined ? '' : ` ${WAIT}`} Not near 0 at the end: ask me for a later end_nm.`,
        'compare_measurements(ids=[<JV>, <EQE>]), plot_measurements(ids=[<EQE>]).',
        `${PUT_BACK} The shutter of the lamp I close.`,
      ),
      `Report Jsc of both JV directions and of the EQE, difference in %; band gap, peak. Within 5 % they agree. Beyond 10 % suspect irradiance, spectrum, area of the JV; calibration, or a spot larger than the cell, of the EQE. ${HONESTLY}`,
    ].join('\n');
  },
});
