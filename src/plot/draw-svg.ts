import { LineChart, ScatterChart } from 'echarts/charts';
import { GraphicComponent, GridComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { LaidOut } from './chart-option.ts';
import { textWidth } from './text-width.ts';

use([LineChart, ScatterChart, GraphicComponent, GridComponent, SVGRenderer]);
// Without a browser the library knows the widths of another font only.
setPlatformAPI({
  measureText: (text, font = '') => ({ width: textWidth(text, Number(/([\d.]+)px/.exec(font)?.[1] ?? 14)) }),
});

/** Draws without a browser. The same chart is the same text. */
export function drawSvg({ width, height, option }: LaidOut): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    // Ids and classes are counted over all charts; classes and ecmeta attributes are for a pointer only.
    return chart
      .renderToSVGString()
      .replace(/<style[\s\S]*?<\/style>\s*/g, '')
      .replace(/ (?:class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*")/g, '')
      .replace(/\bzr\d+-/g, 'plot-');
  } finally {
    chart.dispose();
  }
}
