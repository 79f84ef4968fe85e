import type { Kind } from '../instrument/command.ts';
import type { Tool } from '../tools/define-tool.ts';

/** Tools that Claude Code is to load at once; it defers all others until the model searches for them. */
const ALWAYS_LOADED: ReadonlySet<string> = new Set([
  'instrument_status',
  'safe_shutdown',
  'wait_for_measurement',
  'measure_jv',
]);

/** Words that a model would search a tool by, beside those of its title. */
const SEARCH_WORDS: Readonly<Record<string, string>> = {
  measure_dark_jv: 'dark current, diode ideality, electroluminescence',
  measure_stabilised_power: 'maximum power point tracking, MPPT, stability, efficiency',
  check_contact: 'connection test, open or shorted pixel',
  measure_eqe: 'external quantum efficiency, IPCE, spectral response, integrated Jsc',
  measure_luminescence: 'photoluminescence, PL, spectrum, laser',
  measure_impedance: 'impedance spectroscopy, EIS, capacitance, Nyquist',
  measure_transient: 'transient photovoltage, photocurrent, TPV, TPC, lifetime',
  measure_celiv: 'charge carrier mobility, photo-CELIV',
  measure_tcspc: 'time-resolved photoluminescence, TRPL, carrier lifetime',
  measure_sheet_resistance: 'four-point probe, resistivity',
  measure_routine: 'PLQY, pulsed electroluminescence, any other routine',
};

/** Lists what `_meta` of a tool tells hosts that read it. */
export function hintsFor({ name, title }: Tool): Record<string, unknown> {
  if (ALWAYS_LOADED.has(name)) return { 'anthropic/alwaysLoad': true };
  const words = SEARCH_WORDS[name];
  return {
    'anthropic/searchHint': `ARKEO solar cell instrument: ${title}${words === undefined ? '' : `; ${words}`}`,
  };
}

const COLOURS: Readonly<Record<Kind, string>> = {
  read: '#2563eb',
  configure: '#6b7280',
  actuate: '#d97706',
  safety: '#dc2626',
};

interface Icon {
  src: string;
  mimeType: string;
  sizes: string[];
}

/** A sun over a cell, in the colour of the kind. */
export function iconFor(kind: Kind): Icon {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="5" r="3" fill="${COLOURS[kind]}"/><path d="M2 11h12v3H2z" fill="#1f2937"/></svg>`;
  return {
    src: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    mimeType: 'image/svg+xml',
    sizes: ['any'],
  };
}
