import * as z from 'zod';
import { analyseLuminescence } from '../../science/metrics/luminescence.ts';
import { luminescenceSeconds } from './expected-duration.ts';
import { luminescenceCommands } from './luminescence-commands.ts';
import { readTestData } from './luminescence-spectra.ts';
import type { RoutineDefinition } from './routine.ts';
import { setting } from './setting.ts';

const settings = z.looseObject({
  integration_time: setting(
    z.number().positive().max(60_000),
    'ms',
    100,
    'In ms, unlike Dark JV. A change makes dark and reference stale.',
  ),
  averages: setting(z.int().min(1), '', 1, 'Exposures per spectrum.'),
  pixel_smoothing: setting(z.int().min(1), '', 1, 'Pixels averaged; 1 is none.'),
});

export const luminescence: RoutineDefinition = {
  name: 'Luminescence',
  aliases: ['PL', 'Photoluminescence'],
  title: 'Photoluminescence, transmittance and absorbance',
  measures:
    'A spectrometer trace: photoluminescence of a film or cell under laser or LEDs, or transmittance and absorbance against a reference. Gives peak wavelength and energy, width and strength of the emission.',
  lifecycle: 'acquire',
  settings: [{ name: 'newest', schema: settings }],
  progress: () => undefined,
  dataset: readTestData,
  analyse: (data) => analyseLuminescence(data),
  columns: [
    { name: 'Wavelength', unit: 'nm', meaning: 'Of the pixels.' },
    { name: 'Dark', unit: 'a.u.', meaning: 'Raw counts with the light off.' },
    { name: 'Reference', unit: 'a.u.', meaning: 'Counts without the sample, dark-subtracted.' },
    { name: 'Spectrum', unit: 'a.u.', meaning: 'Counts of the sample, dark-subtracted.' },
    { name: 'Irradiance', unit: 'µW/cm²', meaning: 'Valid only if a dark existed before the spectrum.' },
    {
      name: 'Absorbance',
      unit: '',
      meaning: '−log10 of the transmittance; missing where that is not positive.',
    },
    { name: 'Transmittance', unit: '', meaning: 'Spectrum / reference.' },
  ],
  commands: luminescenceCommands,
  duration: 'integration time × averages for each spectrum: 0.1 to 10 s',
  expectedSeconds: luminescenceSeconds,
  pitfalls: [
    'Take a new dark, light off, and reference after EVERY change of integration time.',
    'Saturation: a flat top at 65535 or 16383 counts. Shorten the integration time.',
    'The pump leaks into the emission window: a narrow line. Use a long-pass filter or leave it out.',
    'A dark taken with the light on takes the signal away.',
    'Switch the laser off with intensity 0: 0 % duty cycle is full power on an inverted source.',
    'The signal changes while it is measured: photo-brightening or degradation; keep the light off in between.',
  ],
};
