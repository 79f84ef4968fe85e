import { area, deviceName, lightSource, number, relay, storedMeasurement } from './arguments.ts';
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
    const sample = passed({ device_name, area_cm2 });
    return [
      'Measure the EQE of a cell and tell me whether it agrees with the JV.',
      ...missing({ device_name, area_cm2 }),
      steps(
        LOOK,
        contact(at, device_name),
        id === undefined
          ? `${lampReady(source)}measure_jv(${sample}, order=forward_then_reverse, ${lit(source)}). ${WAIT}`
          : `The JV is there: get_measurement(${passed({ id })}). If device, area or light are others, ask me.`,
        'Ask me, and wait: is the lamp of the monochromator on for 20 min, was it calibrated within 2 h, is the cell under its spot, the cover closed? If not calibrated, I do that at the ARKEO with the photodiode.',
        `measure_eqe(${sample}, start_nm=${start_nm}, end_nm=${end_nm}, step_nm=10, bias_v=0, bias_light=0). If it is not near 0 at the end, ask me for a later end_nm.`,
        'compare_measurements(ids=[<JV id>, <EQE id>]) and plot_measurements(ids=[<EQE id>]).',
        `${PUT_BACK} It does not close the shutter of the lamp: tell me.`,
      ),
      `Report Jsc of the JV, both directions, the integrated Jsc of the EQE, and the difference in %; band gap, peak. Within 5 % they agree. Above 10 % say what fits: both scaled alike, area or mask; JV higher, irradiance or spectrum of the light; EQE low everywhere, calibration or a spot larger than the cell; low in the blue or red, collection there; EQE above 100 %, calibration. ${HONESTLY}`,
    ].join('\n');
  },
});
