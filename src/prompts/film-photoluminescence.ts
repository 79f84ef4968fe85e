import { deviceName, number } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { HONESTLY, LOOK, passed, PUT_BACK, steps, WAIT } from './phrases.ts';

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
    return [
      'Measure the photoluminescence of a film.',
      steps(
        `${LOOK} LEDs lit: ask me.`,
        'Ask me, and wait: film in place, cover closed, nobody at the beam?',
        `measure_luminescence(${passed({ device_name, laser_channel, laser_percent })}). My host asks me about the laser each time; if I refuse, stop. Dark and switching off are included. ${WAIT}`,
        'Saturated: half the intensity. No clear peak: ask me before you raise it, threefold at most.',
        'The same at once again: does the film brighten, bleach or shift?',
        'plot_measurements(ids=[<first>, <second>]).',
        PUT_BACK,
      ),
      `Report peak in nm and eV, width, laser intensity, the integral per ms of integration time (which may differ between the two), and the change in %. A peak at the wavelength of the laser is the laser. Intensities are relative: no quantum yield follows. ${HONESTLY}`,
    ].join('\n');
  },
});
