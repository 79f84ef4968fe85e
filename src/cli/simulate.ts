import type { SimulateConfig } from '../config.ts';
import { startSimulator } from '../simulator/server.ts';
import { VERSION } from '../version.ts';

/** Runs a simulated ARKEO for other programs, until interrupted. */
export async function simulate({ host, port, seed, speed, dialect }: SimulateConfig): Promise<void> {
  const simulator = await startSimulator({ host, port, seed, speed, dialect, version: VERSION });
  process.stdout.write(
    [
      `Simulated ARKEO (arkeo-mcp ${VERSION}) on ${simulator.host}:${simulator.port}`,
      `seed ${seed}, ${speed} × real time, ${dialect} software. All data is simulated. Ctrl+C ends it.`,
      '',
    ].join('\n'),
  );
  const end = (): void => void simulator.close().then(() => process.exit(0));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}
