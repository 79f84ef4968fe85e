import { execFileSync } from 'node:child_process';
import { startArkeo } from '../host.ts';
import { type Instrument, startInstrument } from '../instrument.ts';
import { median, spread } from '../measure.ts';
import { COLLECT, COLLECT_OPTIONS } from '../soak/memory-watch.ts';
import type { Figure } from '../table.ts';
import type { Measurement } from './row.ts';

const EARLY = 1000;
const LATE = 10_000;
/** Number of readings in the last calls before each count. */
const SAMPLES = 20;
const EVERY = 20;

/**
 * Resident memory of the server after 10,000 calls relative to that after 1,000, with the garbage collected before each
 * reading.
 */
export const memory: Measurement = async ({ references }) => {
  const what = 'resident memory, 10,000 calls / 1,000';
  if (process.platform === 'win32') return [{ what, notRun: 'Windows has no ps' }];
  const instrument = await startInstrument(references.program.instrument);
  try {
    return [{ ...(await grown(instrument)), what: `${what}, collected`, budget: 1.1 }];
  } finally {
    await instrument.close();
  }
};

async function grown({ port }: Instrument): Promise<Omit<Figure, 'what'>> {
  const host = await startArkeo(['--port', String(port)], COLLECT_OPTIONS);
  const samples = new Map<number, number[]>([
    [EARLY, []],
    [LATE, []],
  ]);
  try {
    for (let call = 1; call <= LATE; call++) {
      const due = [...samples].find(
        ([count]) => call <= count && call > count - SAMPLES * EVERY && call % EVERY === 0,
      );
      if (due !== undefined) process.kill(host.pid, COLLECT);
      // The signal precedes the call, so the server collects before it answers.
      await host.call('main_get_active_routine');
      due?.[1].push(residentMiB(host.pid));
    }
  } finally {
    await host.close();
  }
  const early = median(samples.get(EARLY) ?? []);
  const late = spread((samples.get(LATE) ?? []).map((value) => value / early));
  return {
    ours: `${(late.median * early).toFixed(0)} MiB`,
    reference: `${early.toFixed(0)} MiB`,
    figure: late,
    unit: '×',
  };
}

function residentMiB(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
