/** Kinds of picture, named in the field's words. */
export const PLOT_KINDS = [
  'jv',
  'log_jv',
  'eqe',
  'nyquist',
  'bode',
  'spectrum',
  'el_spectrum',
  'absorbance',
  'transmittance',
  'decay',
  'transient',
  'lifetime',
  'celiv',
  'tracking',
  'sheet_resistance',
  'contact',
  'generic',
] as const;
export type PlotKind = (typeof PLOT_KINDS)[number];

const KINDS: ReadonlyMap<string, readonly PlotKind[]> = new Map<string, readonly PlotKind[]>(
  Object.entries({
    JV: ['jv', 'log_jv'],
    'Dark JV': ['log_jv', 'jv', 'el_spectrum'],
    IPCE: ['eqe'],
    Impedance: ['nyquist', 'bode'],
    Luminescence: ['spectrum', 'absorbance', 'transmittance'],
    TCSPC: ['decay'],
    TPR: ['transient', 'lifetime'],
    'Photo-CELIV': ['celiv'],
    MPPT: ['tracking', 'jv'],
    Resistivity: ['sheet_resistance'],
    'Connection Test': ['contact', 'tracking'],
  }),
);

/** The kinds of picture that suit a routine, the usual one first. An unknown routine has `generic` alone. */
export function plotKindsOf(routine: string): readonly PlotKind[] {
  return [...(KINDS.get(routine) ?? []), 'generic'];
}
