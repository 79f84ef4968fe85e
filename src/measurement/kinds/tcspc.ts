import * as z from 'zod';
import { InputError } from '../../errors.ts';
import { tcspc } from '../../instrument/routines/tcspc.ts';
import { tcspcCommands } from '../../instrument/routines/tcspc-commands.ts';
import { type AskedOf, procedureArgument } from '../arguments/argument.ts';
import type { Run } from '../run/run.ts';
import { announced } from './announced.ts';
import { defineKind } from './kind.ts';
import { count } from '../arguments/numbers.ts';

const { GetRates, SetLaser } = tcspcCommands;
/** Photons per pulse beyond which lifetimes are wrong and the detector is overloaded. */
const MAX_RATIO = 0.05;
/** The counters need a moment after the laser was switched on. */
const RATES = { tries: 20, pauseMs: 250 };

const tcspcArguments = {
  switch_laser: procedureArgument(z.boolean().describe('Default true: on before, off after.'), {
    usual: true,
  }),
  laser_port: procedureArgument(count(255, 0).describe('If the software has ports, e.g. 7.'), {
    without: 'the laser of the routine, without a port',
  }),
};

export const tcspcKind = defineKind({
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
  async procedure(run, args) {
    await run.prepare();
    const switches = switchesOf(args);
    if (switches !== undefined) {
      run.setStep('laser on');
      await run.withUndo({
        act: () => run.session.call(SetLaser, switches.on),
        what: 'switching the laser off',
        undo: () => run.rescueCommand(SetLaser, switches.off),
        switching: {
          what: 'laser',
          detail: args.laser_port === undefined ? 'on' : `port ${args.laser_port}`,
        },
      });
    }
    await requireRates(run);
    await run.start();
    await run.follow();
    // Fetching may take long, and needs no light.
    await run.cleanUp();
    await run.fetch();
    return {};
  },
});

/** Undefined where the laser is on already. */
function switchesOf({ switch_laser: wanted, laser_port: port }: AskedOf<typeof tcspcArguments>) {
  if (wanted === false) return undefined;
  const at = port === undefined ? {} : { port_id: port };
  return { on: { laser: true, ...at }, off: { laser: false, ...at } };
}

/** Light on the detector, and not too much of it. Throws InputError. */
async function requireRates(run: Run): Promise<void> {
  run.setStep('count rates');
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
    await run.pause(RATES.pauseMs);
  }
}
