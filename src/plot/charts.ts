import { celivChart } from './celiv-chart.ts';
import type { ChartBuilder } from './chart.ts';
import { contactChart, genericChart, sheetResistanceChart } from './column-charts.ts';
import { decayChart } from './decay-chart.ts';
import { eqeChart } from './eqe-chart.ts';
import { bodeChart, nyquistChart } from './impedance-charts.ts';
import { jvChart, logJvChart } from './jv-chart.ts';
import type { PlotKind } from './plot-kinds.ts';
import { elSpectrumChart, filmChart, spectrumChart } from './spectrum-charts.ts';
import { trackingChart } from './tracking-chart.ts';
import { lifetimeChart, transientChart } from './transient-charts.ts';

/** Builder of each kind of picture. */
export const charts: Readonly<Record<PlotKind, ChartBuilder>> = {
  jv: jvChart,
  log_jv: logJvChart,
  eqe: eqeChart,
  nyquist: nyquistChart,
  bode: bodeChart,
  spectrum: spectrumChart,
  el_spectrum: elSpectrumChart,
  absorbance: filmChart('Absorbance'),
  transmittance: filmChart('Transmittance'),
  decay: decayChart,
  transient: transientChart,
  lifetime: lifetimeChart,
  celiv: celivChart,
  tracking: trackingChart,
  sheet_resistance: sheetResistanceChart,
  contact: contactChart,
  generic: genericChart,
};
