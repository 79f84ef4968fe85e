import { connectionTest, SetOutput } from '../../instrument/routines/connection-test.ts';
import { argument, procedureArgument } from '../arguments/argument.ts';
import { defineKind } from './kind.ts';
import { settle } from './live.ts';
import { within } from '../arguments/numbers.ts';

/** V: shorts show at the second, series resistances at the last, where a single junction conducts. */
const VOLTAGES = [0, 0.1];
/** V, on a single junction. */
const FORWARD = 1.15;
const SETTLE_LIMIT_MS = 10_000;
/** V. */
const REACHED = 0.01;

const contactArguments = {
  forward_v: procedureArgument(within(0.1, 5).describe('Voc + 0.1; default 1.15.'), {
    unit: 'V',
    usual: FORWARD,
  }),
  current_limit_a: argument(within(1e-9, 1), 'A', ['Device_Specific', 'Current limit (A)']),
};

export const contactKind = defineKind({
  tool: 'check_contact',
  title: 'Check the contact',
  description:
    'Is the contact good, resistive, open or shorted? First on a new sample or pixel: 0 V, 0.1 V, forward_v for a moment. About 3 s.',
  routine: connectionTest,
  arguments: contactArguments,
  usesArea: false,
  async procedure(run, { forward_v: forward }) {
    await run.prepare();
    await run.start();
    await run.untilRunning();
    for (const volts of [...VOLTAGES, forward]) {
      run.setStep(`${volts} V`);
      await run.withUndo({
        act: () => run.session.call(SetOutput, { output: volts }),
        what: 'setting the output to 0',
        undo: () => run.rescueCommand(SetOutput, { output: 0 }),
        switching: { what: 'output', detail: `${volts} V` },
      });
      // At a short the voltage is never reached: the current is at its limit.
      await settle(run, (now) => Math.abs((now.volts ?? 0) - volts) < REACHED, SETTLE_LIMIT_MS);
      await run.fetch();
    }
    await run.cleanUp();
    await run.stop();
    return {};
  },
});
