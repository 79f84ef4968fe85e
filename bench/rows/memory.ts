import { execFileSync } from 'node:child_process';
import { startArkeo } from '../host.ts';
import { type Instrument, startInstrument } from '../instrument.ts';
import { median, spread } from '../measure.ts';
import type { Row } from '../table.ts';
import type { Measurement } from './row.ts';

const EARLY = 1000;
const LATE = 10_000;
/** Memory is read that often in the last calls before each count: it goes up and down with the garbage. */
const SAMPLES = 20;
const EVERY = 20;

/** V8 lets its heap grow to many times what is in it before it sweeps; these keep it near what is needed. */
const SMALL_HEAP = ['--max-semi-space-size=1', '--max-old-space-size=64'];

/** Resident memory of the server after 10,000 calls over that after 1,000, as it is and without room for garbage. */
export const memory: Measurement = async ({ references }) => {
  const what = 'resident memory, 10,000 calls / 1,000';
  if (process.platform === 'win32') return [{ what, notRun: 'Windows has no ps' }];
  const instrument = await startInstrument(references.program.instrument);
  try {
    return [await grown(what, instrument, []), await grown(`${what}, small heap`, instrument, SMALL_HEAP)];
  } finally {
    await instrument.close();
  }
};

async function grown(what: string, { port }: Instrument, nodeOptions: readonly string[]): Promise<Row> {
  const host = await startArkeo(['--port', String(port)], nodeOptions);
  const samples = new Map<number, number[]>([
    [EARLY, []],
    [LATE, []],
  ]);
  try {
    for (let call = 1; call <= LATE; call++) {
      await host.call('main_get_active_routine');
      for (const [count, values] of samples)
        if (call <= count && call > count - SAMPLES * EVERY && call % EVERY === 0)
          values.push(residentMiB(host.pid));
    }
  } finally {
    await host.close();
  }
  const early = median(samples.get(EARLY) ?? []);
  const late = spread((samples.get(LATE) ?? []).map((value) => value / early));
  return {
    what,
    ours: `${(late.median * early).toFixed(0)} MiB`,
    reference: `${early.toFixed(0)} MiB`,
    figure: late,
    unit: '×',
    budget: 1.1,
  };
}

function residentMiB(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
