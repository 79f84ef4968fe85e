export const LED_CHANNELS = 12;

interface LedChannel {
  name: string;
  /** Level of the channel (0 to 1) in the mix that resembles the sun. */
  sunLevel: number;
  /**
   * Fraction of a 1.6 eV cell's one-sun current that the channel gives in that mix; zero for wavelengths beyond
   * the gap.
   */
  share: number;
}

const CHANNELS: readonly LedChannel[] = [
  { name: 'Warm White', sunLevel: 0.307, share: 0.14 },
  { name: 'Cool White', sunLevel: 0.619, share: 0.22 },
  { name: 'Far UV', sunLevel: 0.139, share: 0.01 },
  { name: 'UV', sunLevel: 0.084, share: 0.01 },
  { name: 'Deep Blue', sunLevel: 0.5, share: 0.11 },
  { name: 'Green', sunLevel: 0.416, share: 0.12 },
  { name: 'Amber', sunLevel: 0.287, share: 0.09 },
  { name: 'Red', sunLevel: 0.213, share: 0.08 },
  { name: 'Hyper Red', sunLevel: 0.406, share: 0.12 },
  { name: 'Far Red', sunLevel: 0.5, share: 0.1 },
  { name: 'IR', sunLevel: 0.634, share: 0 },
  { name: 'Far IR', sunLevel: 0.901, share: 0 },
];

/** The 12 levels that make one sun. */
export const SUN_MIX: readonly number[] = CHANNELS.map((channel) => channel.sunLevel);

/** Light on the sample, in suns as the cell sees them, from the levels (0 to 1) of the 12 channels. */
export function sunsFromLevels(levels: readonly number[]): number {
  return CHANNELS.reduce((sum, { sunLevel, share }, i) => sum + (share * (levels[i] ?? 0)) / sunLevel, 0);
}

/**
 * Suns that a routine's own light source adds to those of the LED boards. `External` stands for light from
 * elsewhere: the boards if they are lit, otherwise a lamp.
 */
export function sourceSuns(source: string, suns: number, boards: number): number {
  if (source === 'None') return 0;
  return source === 'External' && boards > 0 ? 0 : suns;
}
