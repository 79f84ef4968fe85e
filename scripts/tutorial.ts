/**
 * Runs the steps of docs/tutorial.md like a host, on the simulator, and prints each call and its answer. With
 * --write the answers go into the tutorial, between its markers.
 */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { drawnFiles, startSession } from './session.ts';

const PIXELS = [1, 2, 3, 4, 5, 6, 7, 8];
const COLUMNS = [
  ['voc', 3],
  ['jsc', 2],
  ['fill_factor', 1],
  ['efficiency', 2],
] as const;
const page = new URL('../docs/tutorial.md', import.meta.url);
const pictureInDocs = new URL('../docs/images/screen-simulated.png', import.meta.url);
const dataFolder = path.join(tmpdir(), 'arkeo-mcp-tutorial');

rmSync(dataFolder, { recursive: true, force: true });
const { client, tool } = await startSession([
  '--simulator-speed',
  '5',
  '--log-level',
  'warn',
  '--data-dir',
  dataFolder,
]);
const steps = new Map<string, string[]>();

/** Runs one call of a step, and adds it to the tutorial if a step is given. */
async function show<S extends z.ZodType>(
  step: string | undefined,
  name: string,
  args: Record<string, unknown>,
  structured: S,
): Promise<{ text: string; structured: z.output<S> }> {
  const answer = await tool(name, args, structured);
  const call = `${name} ${Object.keys(args).length === 0 ? '' : JSON.stringify(args)}`.trim();
  const lines = [`→ ${call}`, ...answer.text.split('\n').map((line) => `  ${line}`), ''];
  console.log(lines.join('\n'));
  if (step !== undefined) steps.set(step, [...(steps.get(step) ?? []), ...lines]);
  return answer;
}

const metric = z.looseObject({ name: z.string(), values: z.record(z.string(), z.number().nullable()) });
const measured = z.looseObject({
  state: z.literal('complete'),
  measurement_id: z.string(),
  metrics: z.array(metric),
});

await show('status', 'instrument_status', {}, z.unknown());

const sample = (pixel: number): Record<string, unknown> => ({ device_name: `Demo-P${pixel}` });
const good: number[] = [];
for (const pixel of PIXELS) {
  const step = pixel === 1 || pixel === 4 ? 'contact' : undefined;
  await show(step, 'select_device', { relay: pixel }, z.unknown());
  const { metrics } = (await show(step, 'check_contact', sample(pixel), measured)).structured;
  if (metrics.some(({ name, values }) => name === 'contact_ok' && values['all'] === 1)) good.push(pixel);
}

const figure = (metrics: z.output<typeof metric>[], name: string): number =>
  metrics.find((one) => one.name === name)?.values['reverse'] ?? Number.NaN;
const results: { pixel: number; id: string; efficiency: number; row: string }[] = [];
for (const pixel of good) {
  const step = pixel === good[0] ? 'screen' : undefined;
  await show(step, 'select_device', { relay: pixel }, z.unknown());
  const args = {
    ...sample(pixel),
    area_cm2: 0.1,
    light_source: '12_led',
    irradiance_mw_cm2: 100,
    wait_s: 50,
  };
  const { measurement_id: id, metrics } = (await show(step, 'measure_jv', args, measured)).structured;
  const cells = COLUMNS.map(([name, digits]) => figure(metrics, name).toFixed(digits));
  results.push({
    pixel,
    id,
    efficiency: figure(metrics, 'efficiency'),
    row: `| ${pixel} | ${cells.join(' | ')} |`,
  });
}
results.sort((a, b) => b.efficiency - a.efficiency);
const ranking = [
  '| pixel | Voc (V) | Jsc (mA/cm²) | FF (%) | efficiency (%) |',
  '| --- | --- | --- | --- | --- |',
  ...results.map(({ row }) => row),
].join('\n');
console.log(ranking);
const ids = results.map(({ id }) => id);
const { png } = drawnFiles((await show('plot', 'plot_measurements', { ids }, z.unknown())).text);
await show('compare', 'compare_measurements', { ids: [ids.at(0), ids.at(-1)] }, z.unknown());
await show('end', 'safe_shutdown', {}, z.unknown());
await client.close();

if (process.argv.includes('--write')) {
  let text = readFileSync(page, 'utf8');
  const put = (name: string, block: string): void => {
    const pattern = new RegExp(`(<!-- begin ${name} -->\n)[^]*?(<!-- end ${name} -->)`);
    if (!pattern.test(text)) throw new Error(`docs/tutorial.md has no section ${name}`);
    text = text.replace(pattern, (_, begin: string, end: string) => `${begin}\n${block}\n\n${end}`);
  };
  for (const [step, lines] of steps)
    put(step, `\`\`\`text\n${lines.join('\n').trimEnd().replaceAll(dataFolder, '<data folder>')}\n\`\`\``);
  put('ranking', ranking);
  writeFileSync(page, text);
  copyFileSync(png, pictureInDocs);
}
