import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const SIZE = 512;
/** Bounds of the drawing's plot, in pixels from its upper left corner. */
const PLOT = { left: 96, right: 424, top: 112, bottom: 392 };

/**
 * Draws the icon of the bundle: the JV curve of a solar cell and its maximum power point.
 *
 * @returns a PNG of 512 × 512 pixels
 */
export async function drawIcon(): Promise<Uint8Array> {
  await initWasm(readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return new Resvg(iconSvg()).render().asPng();
}

/** Fraction of the short-circuit current at a fraction of the largest voltage shown. */
function current(voltage: number): number {
  return 1 - Math.expm1(voltage * 12) / Math.expm1(12);
}

function iconSvg(): string {
  const points = Array.from({ length: 101 }, (_, index) => index / 100).map((voltage) => ({
    voltage,
    power: voltage * current(voltage),
    x: PLOT.left + voltage * (PLOT.right - PLOT.left),
    y: PLOT.bottom - current(voltage) * (PLOT.bottom - PLOT.top),
  }));
  const best = points.reduce((one, other) => (other.power > one.power ? other : one));
  const path = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 ${SIZE} ${SIZE}">
<rect width="${SIZE}" height="${SIZE}" rx="96" fill="#12324f"/>
<rect x="${PLOT.left}" y="${best.y}" width="${best.x - PLOT.left}" height="${PLOT.bottom - best.y}" fill="#f2b134" fill-opacity="0.28"/>
<path d="M${PLOT.left} 84V${PLOT.bottom}H444" fill="none" stroke="#c9d8e6" stroke-width="14" stroke-linecap="round" stroke-linejoin="round"/>
<polyline points="${path}" fill="none" stroke="#f2b134" stroke-width="26" stroke-linecap="round" stroke-linejoin="round"/>
<circle cx="${best.x}" cy="${best.y}" r="26" fill="#ffffff"/>
</svg>`;
}
