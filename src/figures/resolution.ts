/** How finely a figure without an uncertainty is told. */
export interface Resolution {
  /** The smallest difference that is told, in the unit of the figure: a power of ten. */
  step?: number;
  /** Significant digits; with a step as well, the finer of the two. */
  digits?: number;
}

const VOLTS: Resolution = { step: 1e-4 };
/** Per area: fine enough at one sun, and no coarser in the dark. */
const PER_AREA: Resolution = { step: 0.01, digits: 3 };
const COUNT: Resolution = { step: 1 };
const SHARE: Resolution = { step: 0.1, digits: 2 };
const NANOMETRES: Resolution = { step: 0.1 };
const ELECTRONVOLTS: Resolution = { step: 0.001 };

/** By the name of the figure, numbers at its end aside. */
const OF_FIGURES: ReadonlyMap<string, Resolution> = new Map([
  ['voc', VOLTS],
  ['v_mpp', VOLTS],
  ['stabilised_voltage', VOLTS],
  ['delta_v_nr', VOLTS],
  ['perturbation', { step: 0.01 }],
  ['jsc', PER_AREA],
  ['j_mpp', PER_AREA],
  ['jsc_integrated', PER_AREA],
  ['p_mpp', PER_AREA],
  ['stabilised_power', PER_AREA],
  ['efficiency', PER_AREA],
  ['stabilised_efficiency', PER_AREA],
  ['fill_factor', { step: 0.01 }],
  ['percent', SHARE],
  ['hysteresis_index', SHARE],
  ['drift', SHARE],
  ['retained', SHARE],
  ['amplitude', SHARE],
  ['saturation', SHARE],
  ['fit_residual', SHARE],
  ['peak_eqe', SHARE],
  ['peak_wavelength', NANOMETRES],
  ['el_peak', NANOMETRES],
  ['band_edge', NANOMETRES],
  ['edge_10_percent', NANOMETRES],
  ['peak_energy', ELECTRONVOLTS],
  ['band_gap', ELECTRONVOLTS],
  ['alpha', { step: 0.001 }],
  ['correction_factor', { step: 1e-4 }],
  ['ohmic_exponent', { step: 0.01 }],
  ['contact_ok', COUNT],
  ['arcs', COUNT],
  ['components', COUNT],
  ['total_counts', COUNT],
  ['peak_counts', COUNT],
]);

/** Resistances, times, charges and the like spread over decades: a share of one in some thousands. */
const OVER_DECADES: Resolution = { digits: 4 };

/** How finely a figure is told where no uncertainty is known. */
export function resolutionOf(name: string): Resolution {
  return OF_FIGURES.get(name) ?? OF_FIGURES.get(name.replace(/_\d+$/, '')) ?? OVER_DECADES;
}
