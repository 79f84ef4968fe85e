/**
 * Demonstrates the main use: a real MCP client starts the built server on the simulator, asks for a JV
 * measurement and its picture, and prints the results. The data stays in a temporary folder.
 */
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { drawCurves } from './draw-curves.ts';
import { drawnFiles, startSession } from './session.ts';

const SPEED = '5';
const FILES = ['measurement.json', 'data.json', 'data.csv'];

const dataFolder = path.join(tmpdir(), 'arkeo-mcp-demo');
const { client, tool } = await startSession(
  ['--simulator-speed', SPEED, '--log-level', 'warn', '--data-dir', dataFolder],
  showProgress,
);

/** Shows the server's progress sentence, redrawn in place on a terminal and left out elsewhere. */
function showProgress(sentence = ''): void {
  if (process.stdout.isTTY) process.stdout.write(`\r  ${sentence.slice(0, 76).padEnd(76)}`);
}

const bothScans = z.object({ forward: z.number(), reverse: z.number() });
const measured = z.looseObject({
  state: z.literal('complete'),
  measurement_id: z.string(),
  metrics: z.array(z.looseObject({ name: z.string(), values: z.record(z.string(), z.number().nullable()) })),
});
const rows = z.looseObject({
  scans: z
    .array(z.looseObject({ scan: z.string(), rows: z.array(z.tuple([z.number(), z.number()])).min(10) }))
    .length(2),
});

const { tools } = await client.listTools();
console.log(`SIMULATED instrument at ${SPEED} × real time. The server offers ${tools.length} tools.\n`);

console.log('measure_jv: a simulated perovskite cell, 0.1 cm², under 12 LEDs at 100 mW/cm²');
const { structured: measurement } = await tool(
  'measure_jv',
  {
    device_name: 'Simulated perovskite',
    area_cm2: 0.1,
    light_source: '12_led',
    irradiance_mw_cm2: 100,
    wait_s: 50,
  },
  measured,
);
const { measurement_id: id, metrics } = measurement;
showProgress();
const figure = (name: string): z.output<typeof bothScans> =>
  bothScans.parse(metrics.find((metric) => metric.name === name)?.values);
const [voc, jsc, ff, efficiency] = ['voc', 'jsc', 'fill_factor', 'efficiency'].map(figure);
console.log('\n            Voc (V)   Jsc (mA/cm²)   FF (%)   efficiency (%)');
for (const scan of ['forward', 'reverse'] as const)
  console.log(
    `  ${scan}   ${voc?.[scan].toFixed(3)}     ${jsc?.[scan].toFixed(2)}          ${ff?.[scan].toFixed(1)}     ${efficiency?.[scan].toFixed(1)}`,
  );

const columns = ['Voltage', 'Current density'];
const data = await tool('get_measurement_data', { id, columns, max_points: 500 }, rows);
const curves = data.structured.scans.map(({ scan, rows: points }) => ({ name: scan, points }));
console.log(`\n${drawCurves(curves, { x: 'V', y: 'mA/cm²' })}\n`);

const drawn = await tool('plot_measurements', { ids: [id] }, z.unknown());
const { png, svg } = drawnFiles(drawn.text);
await client.close();

const folder = path.dirname(png);
for (const file of [png, svg, ...FILES.map((name) => path.join(folder, name))])
  if (statSync(file).size === 0) throw new Error(`${file} is empty`);
console.log(`Picture: ${png}\nData:    ${path.join(folder, 'data.csv')}\nFolder:  ${folder}\n`);
console.log('All of this came through MCP from a simulated cell. Nothing was measured on a real device.');
