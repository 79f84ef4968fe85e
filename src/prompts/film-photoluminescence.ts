import { deviceName, number } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { HONESTLY, LOOK, missing, passed, PUT_BACK, steps, WAIT } from './phrases.ts';

export const filmPhotoluminescence = definePrompt({
  name: 'film_photoluminescence',
  title: 'Photoluminescence of a film',
  description: 'Spectrum under the laser, twice, to see peak, width and whether the film changes.',
  arguments: {
    device_name: deviceName,
    laser_channel: number('Channel of the laser.', 0, 63, true),
    laser_percent: number('Laser intensity in %, 10 unless given.', 0.1, 100),
  },
  tools: [
    'instrument_status',
    'measure_luminescence',
    'wait_for_measurement',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name, laser_channel, laser_percent = 10 }) {
    const measure = `measure_luminescence(${passed({ device_name, laser_channel, laser_percent })})`;
    return [
      'Measure the photoluminescence of a film.',
      ...missing({ device_name, laser_channel }),
      steps(
        `${LOOK} All LEDs have to be off.`,
        'Ask me, and wait: is the film in place, the cover closed, nobody at the beam?',
        `${measure}. I am asked about the laser each time; if I refuse, stop. It takes its own dark and switches the laser off. ${WAIT}`,
        'Saturated: half the intensity. No clear peak above the noise: ask me before you raise it, threefold at most.',
        'The same once more, at once: does the film brighten, bleach or shift?',
        'plot_measurements(ids=[<first id>, <second id>]).',
        PUT_BACK,
      ),
      `Report peak in nm and eV, width, integral divided by the integration time (they differ between the two), intensity of the laser, and the change from first to second in %. A peak near the wavelength of the laser is the laser. Intensities are relative: no quantum yield follows from them. ${HONESTLY}`,
    ].join('\n');
  },
});
