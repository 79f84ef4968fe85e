import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { quote } from '../text/quote.ts';
import { PLOT_KINDS, plotMeasurements } from '../plot/plot-measurements.ts';
import type { PlotSource } from '../plot/plot-source.ts';
import { storedSource } from '../plot/stored-source.ts';
import { defineProseTool } from './define-tool.ts';
import { idArgument, resolveId } from '../archive/measurement-id.ts';
import { storedDoubts } from './stored-doubts.ts';

export const plotMeasurementsTool = defineProseTool({
  name: 'plot_measurements',
  title: 'Plot stored measurements',
  description: 'Draws stored measurements in one picture; kept as PNG and SVG.',
  // It writes files of ours; on the instrument it changes nothing.
  kind: 'read',
  toolset: 'workflow',
  input: parameters({
    ids: z.array(idArgument).min(1).max(12),
    kind: z.enum(PLOT_KINDS).optional().describe('Default: the usual one.'),
  }),
  async run({ ids: asked, kind }, { archive }) {
    const ids = [...new Set(await Promise.all(asked.map((id) => resolveId(archive, id))))];
    const stored = await Promise.all(
      ids.map(async (id) => {
        const one = await archive.read(id);
        return { doubts: storedDoubts(one), source: storedSource(one, await archive.dataset(id)) };
      }),
    );
    const sources = stored.map(({ source }) => source);
    const picture = await plotMeasurements(sources, kind === undefined ? {} : { kind });
    const [first = ''] = ids;
    const name = [
      `plot-${picture.kind}`,
      ...(ids.length === 1 ? [] : [`-of-${ids.length}`]),
      ...(sources.some(({ simulated }) => simulated) ? ['_SIMULATED'] : []),
    ].join('');
    const png = await archive.addFile(first, `${name}.png`, picture.png);
    const svg = await archive.addFile(first, `${name}.svg`, picture.svg);
    const marks = new Set(sources.map(({ simulated }) => simulated));
    return {
      text: [
        `${picture.kind} of ${sources.map(describe).join('; ')}.`,
        ...stored.flatMap(({ doubts }) => doubts).map((doubt) => `Warning: ${doubt}`),
        ...picture.notes.map((note) => `Note: ${note}`),
        `Kept as ${png} and ${svg}`,
      ].join('\n'),
      simulated: marks.size > 1 ? null : marks.has(true),
      attachments: [
        { type: 'image', data: Buffer.from(picture.png).toString('base64'), mimeType: 'image/png' },
      ],
    };
  },
});

function describe({ id, routine, deviceName, simulated }: PlotSource): string {
  const device = deviceName === null ? '' : ` ${quote(deviceName)}`;
  return `${routine}${device} ${id}${simulated ? ' (SIMULATED)' : ''}`;
}
