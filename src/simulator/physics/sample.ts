import type { Random } from '../random.ts';
import { type Cell, REFERENCE_CELL } from './device.ts';

/** One device on the substrate, behind one relay. */
export interface Pixel {
  /** Counted from 1, like the relays on the front panel. */
  readonly number: number;
  readonly cell: Cell;
  readonly contact: 'good' | 'high resistance' | 'shorted' | 'open';
}

export const PIXELS = 8;
export const SHORTED_PIXEL = 4;
export const HIGH_RESISTANCE_PIXEL = 6;
export const OPEN_PIXEL = 7;

const CONTACTS: ReadonlyMap<number, Pixel['contact']> = new Map([
  [SHORTED_PIXEL, 'shorted'],
  [HIGH_RESISTANCE_PIXEL, 'high resistance'],
  [OPEN_PIXEL, 'open'],
]);

/**
 * The substrate: eight pixels. The first is the reference cell itself; the others differ a little, by the seed.
 * The shorted, the badly contacted and the open pixel do not depend on the seed, so that documents can name
 * them.
 */
export function createPixels(random: Random): readonly Pixel[] {
  return Array.from({ length: PIXELS }, (_, i) => {
    const number = i + 1;
    const cell = number === 1 ? REFERENCE_CELL : varied(REFERENCE_CELL, random.fork(`pixel ${number}`));
    return { number, cell, contact: CONTACTS.get(number) ?? 'good' };
  });
}

function varied(cell: Cell, random: Random): Cell {
  return {
    ...cell,
    jsc: cell.jsc * (1 + random.gaussian(0.012)),
    voc: cell.voc + random.gaussian(0.008),
    seriesResistance: cell.seriesResistance * Math.exp(random.gaussian(0.08)),
    darkShunt: cell.darkShunt * Math.exp(random.gaussian(0.3)),
    photoShunt: cell.photoShunt * Math.exp(random.gaussian(0.15)),
    ionicLoss: cell.ionicLoss * Math.exp(random.gaussian(0.2)),
  };
}
