import type { SimulateConfig } from '../config.ts';
import { ConfigurationError } from '../errors.ts';
import { type Fault, parseFault } from '../simulator/faults.ts';
import { startSimulator } from '../simulator/server.ts';
import { VERSION } from '../version.ts';

/** Runs a simulated ARKEO for other programs, until interrupted. */
export async function simulate({ host, port, seed, speed, dialect, fault }: SimulateConfig): Promise<void> {
  const faults = readFaults(fault);
  const simulator = await startSimulator({ host, port, seed, speed, dialect, faults, version: VERSION });
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

function readFaults(text: string | undefined): Fault[] {
  try {
    return (text ?? '').split(',').filter(Boolean).map(parseFault);
  } catch (error) {
    throw new ConfigurationError(
      `--fault: ${error instanceof Error ? error.message : String(error)}`,
      'Example: --fault cut:GetTestData@1',
    );
  }
}
