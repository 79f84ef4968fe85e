import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startHost } from '../helpers/hosts.ts';
import { MEASUREMENTS, toTheEnd } from './every-measurement.ts';

/** ms: a host that cuts every call after so long. */
const timeout = 25_000;
const LIMIT = { timeout };

const outcome = z.looseObject({
  state: z.literal('complete'),
  measurement_id: z.string(),
  simulated: z.literal(true),
  metrics: z.array(z.looseObject({ values: z.record(z.string(), z.number().nullable()) })),
});
/** Their data is not documented, so nothing is computed from it. */
const WITHOUT_FIGURES = ['measure_routine'];

describe.concurrent('a host that cuts calls after 25 s, on an instrument in real time', () => {
  it.each(MEASUREMENTS)(
    'follows %s to its figures, picture and CSV',
    async (tool: string, args: Record<string, unknown> = {}) => {
      const host = await startHost(['--simulator']);
      try {
        // Long enough that one call does not do.
        const longer: Record<string, Record<string, unknown>> = {
          measure_eqe: { step_nm: 20 },
          // A point each 5 s, and one alone gives no figure.
          measure_stabilised_power: { ...args, duration_s: 12 },
        };
        const asked = longer[tool] ?? args;
        const last = await toTheEnd(host, await host.call(tool, asked, LIMIT), LIMIT);
        expect(last, last.text).toMatchObject({ isError: false });
        const { measurement_id: id, metrics } = outcome.parse(last.structured);
        const figures = metrics
          .flatMap(({ values }) => Object.values(values))
          .filter((value) => value !== null);
        if (!WITHOUT_FIGURES.includes(tool)) expect(figures).not.toEqual([]);

        const drawn = await host.call('plot_measurements', { ids: [id] }, LIMIT);
        expect(drawn, drawn.text).toMatchObject({ isError: false });
        expect(drawn.pictures.map((png) => Buffer.from(png, 'base64').toString('latin1', 1, 4))).toEqual([
          'PNG',
        ]);

        const written = await host.call('export_measurement', { id, format: 'csv' }, LIMIT);
        const { path } = z.looseObject({ path: z.string() }).parse(written.structured);
        const lines = (await readFile(path, 'utf8')).trim().split(/\r?\n/);
        expect(lines.length).toBeGreaterThan(1);
        expect(lines[1]).toContain('SIMULATED');
      } finally {
        await host.close();
      }
    },
    180_000,
  );
});
