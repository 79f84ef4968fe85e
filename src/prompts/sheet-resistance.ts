import { deviceName, number } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';
import { HONESTLY, LOOK, missing, passed, PUT_BACK, steps, WAIT } from './phrases.ts';

export const sheetResistance = definePrompt({
  name: 'sheet_resistance',
  title: 'Sheet resistance',
  description: 'Four-point probe at three places of a film; with its thickness the resistivity.',
  arguments: {
    device_name: deviceName,
    thickness_um: number('Thickness of the film in µm, for the resistivity.', 1e-4, 10_000),
    length_mm: number('Length of the film in mm.', 0.01, 1000),
    width_mm: number('Width of the film in mm.', 0.01, 1000),
    max_current_a: number('Largest current in A, 0.01 unless given; less for thin films.', 1e-9, 0.1),
  },
  tools: [
    'instrument_status',
    'measure_sheet_resistance',
    'wait_for_measurement',
    'plot_measurements',
    'safe_shutdown',
  ],
  text({ device_name, thickness_um, length_mm, width_mm, max_current_a = 0.01 }) {
    const film = {
      device_name,
      ...(thickness_um === undefined ? {} : { thickness_um }),
      length_mm,
      width_mm,
    };
    return [
      'Measure the sheet resistance of a film with the four-point probe.',
      ...missing({ device_name, length_mm, width_mm }),
      steps(
        LOOK,
        'Ask me, and wait: is the probe down on the middle of the film, all four tips, away from edges, scratches and bright light?',
        `measure_sheet_resistance(${passed({ ...film, max_current_a })}). The current rises tenfold until the value stays. ${WAIT}`,
        'It still changes at the largest current, or the voltage meets its limit: tell me, and do not raise the current by yourself. Much lower at the last current than before: the film heats; use the plateau.',
        'Ask me to lift the probe and set it down elsewhere; the same there. Three places in all.',
        'plot_measurements(ids=[<ids>]).',
        PUT_BACK,
      ),
      `Report the corrected sheet resistance of each place in Ω/□, mean and spread in %, the current at which it settled, and the correction factor${thickness_um === undefined ? '; offer the resistivity if I give the thickness' : ', and resistivity and conductivity'}. A spread above 5 %: film or contact is uneven. The offset voltage should be small against what was measured. ${HONESTLY}`,
    ].join('\n');
  },
});
