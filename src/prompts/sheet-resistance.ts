import { deviceName, number } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { HONESTLY, LOOK, passed, PUT_BACK, steps, WAIT } from './phrases.ts';

export const sheetResistance = definePrompt({
  name: 'sheet_resistance',
  title: 'Sheet resistance',
  description: 'Four-point probe at three places of a film; with its thickness the resistivity.',
  arguments: {
    device_name: deviceName,
    thickness_um: number('Thickness of the film in µm, for the resistivity.', 1e-4, 10_000),
    length_mm: number('Length of the film in mm.', 0.01, 1000),
    width_mm: number('Width of the film in mm.', 0.01, 1000),
    max_current_a: number('Largest current in A, 0.0001 unless given: thin films burn.', 1e-9, 0.1),
  },
  tools: [
    'instrument_status',
    'measure_sheet_resistance',
    'wait_for_measurement',
    'plot_measurements',
    'get_measurement_data',
    'safe_shutdown',
  ],
  text({ device_name, thickness_um, length_mm, width_mm, max_current_a = 0.0001 }) {
    const thickness = thickness_um === undefined ? {} : { thickness_um };
    const film = passed({ device_name, ...thickness, length_mm, width_mm, max_current_a });
    return [
      'Measure the sheet resistance of a film with the four-point probe.',
      steps(
        LOOK,
        'Ask me, and wait: all four tips on the film, away from its edges, scratches and bright light?',
        `measure_sheet_resistance(${film}). The current rises tenfold until the value stays. ${WAIT}`,
        'Still changing at the largest current, or at the voltage limit: tell me, do not raise it yourself.',
        'Ask me to set the probe down elsewhere, and repeat: three places in all.',
        'plot_measurements(ids=[<all>]).',
        PUT_BACK,
      ),
      `Report the corrected sheet resistance of each place in Ω/□, mean, spread in %, correction factor${thickness_um === undefined ? '; offer the resistivity if I tell the thickness' : ', resistivity and conductivity'}. get_measurement_data(id=<id>) has each current: name the one where it settled; falling again beyond it is heating. Spread above 5 %: film or contact is uneven. ${HONESTLY}`,
    ].join('\n');
  },
});
