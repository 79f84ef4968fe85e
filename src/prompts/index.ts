import type { Prompt } from './define-prompt.ts';
import { deviceReport } from './device-report.ts';
import { eqeAgainstJv } from './eqe-against-jv.ts';
import { filmPhotoluminescence } from './film-photoluminescence.ts';
import { hysteresis } from './hysteresis.ts';
import { impedanceAgainstBias } from './impedance-against-bias.ts';
import { jvAndLimits } from './jv-and-limits.ts';
import { lightDependence } from './light-dependence.ts';
import { screenPixels } from './screen-pixels.ts';
import { sheetResistance } from './sheet-resistance.ts';
import { stopEverything } from './stop-everything.ts';
import { temperatureCoefficient } from './temperature-coefficient.ts';

/** Every prompt, in the order in which hosts show them. */
export const prompts: readonly Prompt[] = [
  screenPixels,
  jvAndLimits,
  temperatureCoefficient,
  lightDependence,
  hysteresis,
  eqeAgainstJv,
  filmPhotoluminescence,
  impedanceAgainstBias,
  sheetResistance,
  deviceReport,
  stopEverything,
];
