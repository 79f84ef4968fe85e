import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectTo } from '../../test/helpers/connection.ts';
import { startArkeo } from '../host.ts';
import { startInstrument } from '../instrument.ts';
import { interleave, median, ratios, timed } from '../measure.ts';
import type { Row } from '../table.ts';
import type { Measurement } from './row.ts';

const ROUNDS = 7;
const TRIPS = 1500;
const CLIENT = fileURLToPath(new URL('../references/vendor_client.py', import.meta.url));
const REQUEST = { target: 'MAIN', command: 'GetActiveRoutine', parameter: {} };

/** Time of a round trip, of our connection and of a whole tool call, against a plain client in Python. */
export const python: Measurement = async ({ references }) => {
  const names = ['round trip of the connection / Python', 'tool call / round trip of Python'] as const;
  const interpreter = ['python3', 'python'].find(runs);
  if (interpreter === undefined) return names.map((what) => ({ what, notRun: 'there is no Python' }));
  const instrument = await startInstrument(references.program.instrument);
  const connection = connectTo(instrument);
  const host = await startArkeo(['--port', String(instrument.port)]);
  const perTrip = async (act: () => Promise<unknown>): Promise<number> =>
    (await timed(async () => {
      for (let i = 0; i < TRIPS; i++) await act();
    })) / TRIPS;
  const inPython = async (): Promise<number> => {
    const { stdout } = await promisify(execFile)(interpreter, [
      CLIENT,
      String(instrument.port),
      String(TRIPS),
    ]);
    return (Number(stdout) * 1000) / TRIPS;
  };
  try {
    const rounds = await interleave(ROUNDS, {
      connection: () =>
        perTrip(() =>
          connection.send({ request: REQUEST, kind: 'read', parameterKey: 'parameter', timeoutMs: 5000 }),
        ),
      python: inPython,
      call: () => perTrip(() => host.call('main_get_active_routine')),
    });
    const rate = (name: keyof (typeof rounds)[number]): string =>
      `${(1000 / median(rounds.map((round) => round[name]))).toFixed(0)} per s`;
    return (['connection', 'call'] as const).map(
      (name, i): Row => ({
        what: names[i] ?? name,
        ours: rate(name),
        reference: rate('python'),
        figure: ratios(
          rounds,
          (round) => round[name],
          (round) => round.python,
        ),
        unit: '×',
      }),
    );
  } finally {
    connection.close();
    await host.close();
    await instrument.close();
  }
};

function runs(command: string): boolean {
  try {
    execFileSync(command, ['-c', 'import sys; sys.exit(sys.version_info < (3,))'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
