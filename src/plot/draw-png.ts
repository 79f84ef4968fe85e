import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { readAsset } from './assets.ts';

/** Pixels for each px of the SVG: sharp in a chat window. */
const ZOOM = 1.5;

interface Renderer {
  fonts: Uint8Array[];
}

// The library can be initialised only once in a process.
let renderer: Promise<Renderer> | undefined;

async function load(): Promise<Renderer> {
  const [wasm, ...fonts] = await Promise.all([
    readAsset('resvg.wasm'),
    readAsset('DejaVuSans.ttf'),
    readAsset('DejaVuSans-Bold.ttf'),
  ]);
  await initWasm(wasm);
  return { fonts };
}

/** Draws an SVG with the bundled fonts, independent of those of the machine. */
export async function drawPng(svg: string): Promise<Uint8Array> {
  renderer ??= load().catch((error: unknown) => {
    renderer = undefined;
    throw error;
  });
  const { fonts } = await renderer;
  const image = new Resvg(svg, {
    font: { fontBuffers: fonts, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  try {
    const rendered = image.render();
    try {
      return rendered.asPng();
    } finally {
      rendered.free();
    }
  } finally {
    image.free();
  }
}
