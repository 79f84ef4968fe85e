import { area, deviceName, lightSource, relays } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { HONESTLY, LOOK, lampReady, lit, missing, passed, PUT_BACK, steps, WAIT } from './phrases.ts';

export const screenPixels = definePrompt({
  name: 'screen_pixels',
  title: 'Screen all pixels and rank them',
  description: 'Checks the contact of each pixel, measures its JV in both directions, and ranks them.',
  arguments: { device_name: deviceName, area_cm2: area, relays, light_source: lightSource },
  tools: [
    'instrument_status',
    'select_device',
    'check_contact',
    'measure_jv',
    'wait_for_measurement',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name: substrate, area_cm2, relays: chosen, light_source: source }) {
    const pixel = `${substrate ?? '<device_name>'}-<relay>`;
    return [
      `Screen the pixels of one substrate and rank them. Relays: ${chosen?.join(', ') ?? 'all that the multiplexer has'}.`,
      ...missing({ device_name: substrate, area_cm2 }),
      steps(
        `${LOOK} It tells how many relays there are.`,
        `${lampReady(source)}For each relay: select_device(relay=<relay>), then check_contact(${passed({ device_name: pixel })}); forward_v is 0.1 V beyond Voc, 1.15 unless I say otherwise. Shorted, open or resistive: note it, measure no JV, go on with the next.`,
        `Good contact: measure_jv(${passed({ device_name: pixel, area_cm2 })}, order=forward_then_reverse, ${lit(source)}). ${WAIT} If the scan does not reach Voc, ask me for end_v and repeat it for all.`,
        'Measure the best two once more: does their order hold?',
        'plot_measurements(ids=[<ids of the JVs>]), the best 12 at most.',
        PUT_BACK,
      ),
      `Report a table ranked by efficiency, the mean of both directions: relay, efficiency, Voc, Jsc, fill factor, hysteresis index, id. Below it the pixels without JV and why, and those whose Jsc is more than 10 % off the median, where area, mask or light is in doubt. Name the best one. ${HONESTLY}`,
    ].join('\n');
  },
});
