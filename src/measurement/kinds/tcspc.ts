import * as z from 'zod';
import { InputError } from '../../errors.ts';
import { tcspc } from '../../instrument/routines/tcspc.ts';
import { tcspcCommands } from '../../instrument/routines/tcspc-commands.ts';
import { type ArgumentTable, steering } from '../arguments/argument.ts';
import type { Run } from '../run/run.ts';
import { announced } from './announced.ts';
import type { MeasurementKind } from './kind.ts';
import { count } from '../arguments/numbers.ts';

const { GetRates, SetLaser } = tcspcCommands;
/** Photons per pulse beyond which lifetimes are wrong and the detector is overloaded. */
const MAX_RATIO = 0.05;
/** The counters need a moment after the laser was switched on. */
const RATES = { tries: 20, pauseMs: 250 };

const tcspcArguments: ArgumentTable = {
  switch_laser: steering(z.boolean().describe('Default true: on before, off after.')),
  laser_port: steering(count(255, 0).describe('If the software has ports, e.g. 7.')),
};

export const tcspcKind: MeasurementKind = {
  tool: 'measure_tcspc',
  title: 'Measure TCSPC (TRPL)',
  description:
    'Time-resolved photoluminescence (TRPL) by photon counting: lifetimes. LASER: cover closed, key on, a person agrees. Refused above 5 % photons per pulse. Up to 100 s.',
  routine: tcspc,
  arguments: tcspcArguments,
  usesArea: false,
  contradiction: ({ switch_laser: switches, laser_port: port }) =>
    switches === false && port !== undefined
      ? new InputError('laser_port says which laser to switch, and switch_laser is false', {
          hint: 'Leave laser_port out where the laser is on already, or switch_laser to have it switched.',
        })
      : undefined,
  announces: (args) => announced(SetLaser, switchesOf(args)?.on),
  async procedure(run) {
    await run.prepare();
    const switches = switchesOf(run.args);
    if (switches !== undefined) {
      run.at('laser on');
      await run.doAndUndo(
        () => run.session.call(SetLaser, switches.on),
        'switching the laser off',
        () => run.rescueCommand(SetLaser, switches.off),
      );
    }
    await requireRates(run);
    await run.start();
    await run.follow();
    // Fetching may take long, and needs no light.
    await run.cleanUp();
    await run.fetch();
  },
};

/** Undefined where the laser is on already. */
function switchesOf({ switch_laser: wanted, laser_port: port }: Readonly<Record<string, unknown>>) {
  if (wanted === false) return undefined;
  const at = typeof port === 'number' ? { port_id: port } : {};
  return { on: { laser: true, ...at }, off: { laser: false, ...at } };
}

/** Light on the detector, and not too much of it. Throws InputError. */
async function requireRates(run: Run): Promise<void> {
  run.at('count rates');
  for (let i = 1; ; i++) {
    const rates = await run.command(GetRates, {});
    if (rates?.ratio !== undefined && rates.ratio > MAX_RATIO)
      throw new InputError(
        `too much light: ${(100 * rates.ratio).toPrecision(3)} % photons per pulse, and beyond 5 % lifetimes are wrong and the detector is overloaded`,
        {
          code: 'too_much_light',
          hint: 'Ask the person to weaken the laser at its head or to put in a filter, to 1 %; tcspc_get_rates shows the rates.',
        },
      );
    if (rates === undefined || (rates.syncRate ?? 1) > 0) return;
    if (i === RATES.tries)
      throw new InputError('there are no laser pulses (sync rate 0)', {
        code: 'no_sync',
        hint: 'Ask the person to turn the key of the laser; tcspc_get_rates shows the rates.',
      });
    await run.session.pause(RATES.pauseMs);
  }
}
