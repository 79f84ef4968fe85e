import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as z from 'zod';
import { drawnFiles } from '../../scripts/session.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs one of the project's scripts. Throws when it fails. @returns its standard output */
export function script(name: string, args: readonly string[] = []): string {
  return execFileSync(process.execPath, ['--import', 'tsx', `scripts/${name}`, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs npm, away from this project and the network. Arguments are without spaces: on Windows a shell reads them. */
export function npm(args: readonly string[], folder: string): string {
  const apart = Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key));
  return execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund', '--cache=cache'], {
    cwd: folder,
    encoding: 'utf8',
    env: Object.fromEntries(apart),
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Installed {
  command: string;
  args: string[];
  /** All of it: nothing is inherited but what a program cannot do without. */
  env: Record<string, string>;
  cwd: string;
}

/** Starts a server as a host does that knows only how it was installed. */
export async function startInstalled({ command, args, env, cwd }: Installed): Promise<Client> {
  const client = new Client({ name: 'arkeo-mcp tests', version: '1' });
  await client.connect(new StdioClientTransport({ command, args, env, cwd, stderr: 'ignore' }));
  return client;
}

const answer = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ text: z.string().optional() })),
  structuredContent: z.unknown().optional(),
});
const measured = z.looseObject({ state: z.literal('complete'), measurement_id: z.string() });

/**
 * The main job, with all that it reads beside the program: a JV curve on the simulator, and its picture. Throws where
 * any of it is missing. @returns what the picture's file says that it is
 */
export async function measureAndPlot(client: Client): Promise<string> {
  const measurement = answer.parse(
    await client.callTool({
      name: 'measure_jv',
      arguments: { device_name: 'packed', area_cm2: 0.1, light_source: '12_led', wait_s: 50 },
    }),
  );
  const { measurement_id: id } = measured.parse(measurement.structuredContent);
  const plot = answer.parse(await client.callTool({ name: 'plot_measurements', arguments: { ids: [id] } }));
  const { png, svg } = drawnFiles(plot.content[0]?.text ?? '');
  if (!existsSync(svg)) throw new Error(`there is no ${svg}`);
  return readFileSync(png).subarray(1, 4).toString();
}
