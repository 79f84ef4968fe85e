import { area, deviceName, lightSource, relays } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { HONESTLY, LOOK, lightIs, passed, PUT_BACK, steps, WAIT } from './phrases.ts';

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
    return [
      `Screen the pixels of one substrate and rank them. Relays: ${chosen?.join(', ') ?? 'all'}.`,
      `PIXEL is device_name="${substrate ?? '<ask me>'}-<relay>". ${lightIs(source)}`,
      steps(
        `${LOOK} It tells which relays there are.`,
        'For each relay: select_device(relay=<relay>), check_contact(PIXEL, forward_v=<Voc + 0.1, e.g. 1.15>). Short, open or resistive: note it, no JV, next.',
        `Contact good: measure_jv(PIXEL, ${passed({ area_cm2 })}, LIGHT, order=forward_then_reverse). ${WAIT} Voc not in the scan: measure again with auto_voc=false; still not: ask me for end_v, repeat all with it.`,
        'The best two once more: does their order hold?',
        'plot_measurements(ids=[<best 12 JVs at most>]).',
        PUT_BACK,
      ),
      `Report a table ranked by efficiency, mean of both directions: relay, efficiency, Voc, Jsc, fill factor, hysteresis index. Then the pixels without JV and why, and those with Jsc more than 10 % off the median: area, mask or light in doubt. Name the best. ${HONESTLY}`,
    ].join('\n');
  },
});
