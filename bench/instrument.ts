import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Instrument {
  readonly port: number;
  close: () => Promise<void>;
}

/**
 * Starts the instrument that answers at once, in a process of its own, so that it takes no time from the bench.
 */
export async function startInstrument(program: string): Promise<Instrument> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    port: Number(line.toString()),
    close: async () => {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}
