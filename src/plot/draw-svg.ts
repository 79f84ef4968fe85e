import { LineChart, ScatterChart } from 'echarts/charts';
import { GraphicComponent, GridComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { LaidOut } from './chart-option.ts';
import { textWidth } from './text-width.ts';

use([LineChart, ScatterChart, GraphicComponent, GridComponent, SVGRenderer]);
// Outside of a browser the library knows the widths of another font only.
setPlatformAPI({
  measureText: (text, font = '') => ({ width: textWidth(text, Number(/([\d.]+)px/.exec(font)?.[1] ?? 14)) }),
});

/** Draws without a browser. The same chart always gives the same text. */
export function drawSvg({ width, height, option }: LaidOut): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    // Ids and classes count over all charts of the process, and classes and ecmeta attributes serve a pointer
    // only: they are removed.
    return chart
      .renderToSVGString()
      .replace(/<style[\s\S]*?<\/style>\s*/g, '')
      .replace(/ (?:class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*")/g, '')
      .replace(/\bzr\d+-/g, 'plot-');
  } finally {
    chart.dispose();
  }
}
