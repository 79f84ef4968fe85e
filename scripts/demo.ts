/**
 * The main job, as a host does it: a real MCP client starts the built server on the simulator, measures a JV
 * curve and shows what came out.
 */
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as z from 'zod';
import { drawCurves } from './draw-curves.ts';

const SPEED = '5';
const POLL_MS = 100;

const client = new Client({ name: 'arkeo-mcp demo', version: '1' });
const server = fileURLToPath(new URL('../dist/index.js', import.meta.url));
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [server, '--simulator', '--simulator-speed', SPEED, '--log-level', 'warn'],
    stderr: 'inherit',
  }),
);

const answer = z.looseObject({
  content: z.array(z.looseObject({ text: z.string().default('') })),
  structuredContent: z.looseObject({ data: z.unknown() }).optional(),
  isError: z.boolean().default(false),
});
async function tool<S extends z.ZodType>(
  name: string,
  args: Record<string, unknown>,
  data: S,
): Promise<z.output<S>> {
  const { content, structuredContent, isError } = answer.parse(
    await client.callTool({ name, arguments: args }),
  );
  if (isError) throw new Error(`${name}: ${content.map(({ text }) => text).join('\n')}`);
  return data.parse(structuredContent?.data);
}
const any = z.unknown();
const status = z.looseObject({
  routine_status: z.string(),
  progress: z.looseObject({ progres_pct: z.number(), direction: z.string() }).nullish(),
});
const value = z.object({ value: z.number(), unit: z.string() });
const jvData = z.looseObject({
  device: z.string(),
  area_cm2: z.number(),
  scans: z.array(
    z.looseObject({
      name: z.string(),
      data: z.array(z.tuple([z.number(), z.number()])),
      parameters: z.looseObject({ voc: value, jsc: value, 'fill factor': value, efficiency: value }),
    }),
  ),
});

async function untilReady(seen: (report: z.output<typeof status>) => void): Promise<void> {
  for (;;) {
    const report = await tool('routine_get_test_status', {}, status);
    if (report.routine_status === 'Ready') return;
    if (report.routine_status === 'Error') throw new Error('the routine is in error');
    seen(report);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The share done, redrawn in place on a terminal and left out elsewhere. */
function showProgress(percent: number, label: string): void {
  if (!process.stdout.isTTY) return;
  const filled = Math.round(percent / 2.5);
  process.stdout.write(
    `\r  [${'█'.repeat(filled)}${'·'.repeat(40 - filled)}] ${percent.toFixed(0).padStart(3)} %  ${label.padEnd(10)}`,
  );
}

const { tools } = await client.listTools();
console.log(`SIMULATED instrument at ${SPEED} × real time. The server offers ${tools.length} tools.\n`);

console.log('JV of a simulated perovskite cell, 0.1 cm², under 12 LEDs at 100 mW/cm²');
await tool('main_start_routine', { routine: 'JV' }, any);
await untilReady(() => undefined);
await tool(
  'routine_set_info',
  { user_name: 'Demo', device_name: 'Simulated perovskite', device_area: 0.1 },
  any,
);
const settings = await tool('routine_get_settings', {}, z.looseObject({ light: z.looseObject({}) }));
settings.light['Source'] = '12 LED';
await tool('routine_apply_settings', { settings }, any);
await tool('routine_start_measurement', {}, any);
await untilReady(({ progress }) => progress && showProgress(progress.progres_pct, progress.direction));
showProgress(100, 'done');
const jv = await tool('routine_get_test_data', {}, jvData);

console.log('\n\n            Voc (V)   Jsc (mA/cm²)   FF (%)   efficiency (%)');
for (const { name, parameters } of jv.scans) {
  const { voc, jsc, 'fill factor': ff, efficiency } = parameters;
  console.log(
    `  ${name.padEnd(8)}  ${voc.value.toFixed(3)}     ${jsc.value.toFixed(2)}          ${ff.value.toFixed(1)}     ${efficiency.value.toFixed(1)}`,
  );
}
// The instrument labels these numbers mA/cm², but sends A/cm².
const curves = jv.scans.map(({ name, data }) => ({
  name,
  points: data.map(([v, j]) => [v, j * 1000] as const),
}));
console.log(`\n${drawCurves(curves, { x: 'V', y: 'mA/cm²' })}\n`);

await tool('routine_close_routine', {}, any);
await client.close();
console.log('All of this came through MCP from a simulated cell. Nothing was measured on a real device.');
