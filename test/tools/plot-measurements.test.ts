import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { plotMeasurementsTool } from '../../src/tools/plot-measurements.ts';
import { curve, storedMeasurements } from './stored.ts';

const stored = storedMeasurements();
const PNG = [0x89, 0x50, 0x4e, 0x47];

describe('plot_measurements', () => {
  it('answers the picture, and keeps it beside the first measurement', async () => {
    const { archive, keep, call } = stored();
    const ids = [await keep({}, curve(30)), await keep({ device_name: 'other' }, curve(30, 0.05))];
    const { text, attachments } = await call(plotMeasurementsTool, { ids });
    const { folder } = await archive.read(ids[0] ?? '');
    const [png, svg] = ['png', 'svg'].map((type) => path.join(folder, `plot-jv-of-2.${type}`));
    expect(text).toContain(`Kept as ${png} and ${svg}`);
    const [image] = attachments;
    expect(image).toMatchObject({ type: 'image', mimeType: 'image/png' });
    const bytes = Buffer.from(image?.data ?? '', 'base64');
    expect([...bytes.subarray(0, 4)]).toEqual(PNG);
    expect(readFileSync(png ?? '').equals(bytes)).toBe(true);
    expect(readFileSync(svg ?? '', 'utf8')).toContain('<svg');
    expect(text).toContain(`jv of JV "B12-P3" ${ids[0]}; JV "other" ${ids[1]}.`);
  });

  it('draws another kind on request, and twice without replacing anything', async () => {
    const { keep, call } = stored();
    await keep({ simulated: true }, curve(30));
    const names = [];
    for (const kind of ['log_jv', undefined, undefined]) {
      const { text } = await call(plotMeasurementsTool, { ids: ['latest'], kind });
      expect(text).toMatch(/^\[simulated instrument\] .*\(SIMULATED\)/);
      names.push(path.basename(/Kept as (.*) and /.exec(text)?.[1] ?? ''));
    }
    expect(names).toEqual(['plot-log_jv_SIMULATED.png', 'plot-jv_SIMULATED.png', 'plot-jv_SIMULATED-2.png']);
  });

  it('says what there is to draw where nothing can be drawn', async () => {
    const { keep, call } = stored();
    await keep();
    expect(await call(plotMeasurementsTool, { ids: ['latest'], kind: 'nyquist' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('log_jv'),
    });
    await keep({}, null, 'failed');
    expect((await call(plotMeasurementsTool, { ids: ['latest'] })).text).toContain('has no data');
  });
});
