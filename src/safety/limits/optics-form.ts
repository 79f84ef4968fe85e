import {
  between,
  currentRange,
  flag,
  level,
  members,
  number,
  type Reader,
  text,
  undocumented,
  voltage,
} from './reader.ts';

const measuring = {
  wavelength: members({ Start: number, Step: number, End: number }),
  acquisition: members({
    'Acquisition time (s)': number,
    Averaging: number,
    'Delay (s)': number,
    'Bias Voltage (V)': voltage,
    'LED Level': level,
    'Chopper Frequency (Hz)': number,
  }),
};

export const ipceForms: readonly Reader[] = [
  members({
    ...measuring,
    device: members({
      type: text,
      // The range of the voltage is one of measuring, and nothing that is put out.
      configuration: members({
        Autorange: flag,
        'Current Range': currentRange,
        'Voltage Range': between(0, 2),
      }),
    }),
  }),
  members({ ...measuring, device: members({ type: text, configuration: undocumented }) }),
];

export const luminescenceForm: Reader = members({
  integration_time: number,
  averages: number,
  pixel_smoothing: number,
});
