import { connectionTest, SetOutput } from '../../instrument/routines/connection-test.ts';
import { argument, type ArgumentTable, steering } from '../arguments/argument.ts';
import type { MeasurementKind } from './kind.ts';
import { settle, untilRunning } from './live.ts';
import { within } from '../arguments/numbers.ts';

/** V: shorts show at the second, series resistances at the last, where a single junction conducts. */
const VOLTAGES = [0, 0.1];
const FORWARD = 1.15;
const SETTLE_LIMIT_MS = 10_000;
/** V. */
const REACHED = 0.01;

const contactArguments: ArgumentTable = {
  forward_v: steering(within(0.1, 5).describe('Voc + 0.1; default 1.15.')),
  current_limit_a: argument(within(1e-9, 1), ['Device_Specific', 'Current limit (A)']),
};

export const contactKind: MeasurementKind = {
  tool: 'check_contact',
  title: 'Check the contact',
  description:
    'Is the contact good, resistive, open or shorted? First on a new sample or pixel: 0 V, 0.1 V, forward_v for a moment. About 3 s.',
  routine: connectionTest,
  arguments: contactArguments,
  usesArea: false,
  async procedure(run) {
    await run.prepare();
    await run.start();
    await untilRunning(run);
    for (const volts of [...VOLTAGES, Number(run.args['forward_v'] ?? FORWARD)]) {
      run.at(`${volts} V`);
      await run.doAndUndo(
        () => run.session.call(SetOutput, { output: volts }),
        'setting the output to 0',
        () => run.rescueCommand(SetOutput, { output: 0 }),
      );
      // At a short the voltage is never reached: the current is at its limit.
      await settle(run, (now) => Math.abs((now.volts ?? 0) - volts) < REACHED, SETTLE_LIMIT_MS);
      await run.fetch();
    }
    await run.cleanUp();
    await run.stop();
  },
};
