import type { GateRead } from '../../instrument/command-gate.ts';
import { commands } from '../../instrument/commands/index.ts';
import { quote, shown } from '../../text/quote.ts';
import {
  assessLaser,
  assessLeds,
  assessOutput,
  assessProbeCurrent,
  assessTemperature,
} from '../limits/assess.ts';
import type { Limits } from '../limits/limits-file.ts';
import { outputModeOf } from '../limits/output-mode.ts';
import { laserName, laserSwitch } from '../../instrument/laser-switch.ts';
import { orRefused, type Situation } from './situation.ts';
import { ALLOWED, ask, fromFindings, refuse, together, type Verdict } from './verdict.ts';

type Parameter = Readonly<Record<string, unknown>>;

export function onLight({ values }: Parameter, limits: Limits): Verdict {
  return fromFindings(assessLeds(Array.isArray(values) ? values.map(numberOrNaN) : [Number.NaN], limits));
}

export function onLaser(parameter: Parameter, limits: Limits): Verdict {
  const laser = laserSwitch(parameter);
  const findings = fromFindings(assessLaser(parameter, limits));
  if (!laser.on) return findings;
  return together(
    ask(
      'laser',
      `switching on the laser (${laserName(laser)}) with ${shown(parameter)}, cover closed and nobody looking in`,
    ),
    findings,
  );
}

/** SetOutput is in V or A, by the mode in force. Where that mode cannot be read, the output has to be allowed as both. */
export async function onOutput({ output }: Parameter, limits: Limits, read: GateRead): Promise<Verdict> {
  const found = await orRefused(() => read(commands.ROUTINE.GetSettings));
  return fromFindings(assessOutput(numberOrNaN(output), outputModeOf(found?.settings), limits));
}

export function onProbeCurrent({ current }: Parameter, limits: Limits): Verdict {
  return fromFindings(assessProbeCurrent(numberOrNaN(current), limits));
}

/** A target counts whether control is on or is about to be switched on. */
export async function onTemperature(
  { temperature }: Parameter,
  limits: Limits,
  read: GateRead,
): Promise<Verdict> {
  const controllers = (await orRefused(() => read(commands.TMPCTL.GetStatus))) ?? [];
  const judged = controllers.length === 0 ? [{ object: undefined, target: undefined }] : controllers;
  return together(
    ...judged.map(({ object, target }) => {
      const wanted = typeof temperature === 'number' ? temperature : target;
      if (wanted === undefined)
        return ask(
          'limits',
          'switching temperature control on for a target that the controller does not say',
        );
      // A yes is to the target: the stage may have moved a little until it comes.
      return fromFindings(assessTemperature(wanted, object, limits), () => `stage at ${wanted} °C`);
    }),
  );
}

/** Relays are switched while nothing flows, one at a time. */
export function onRelays({ state, channels }: Parameter, situation: Situation): Verdict {
  const relays = state ?? channels;
  const closed = Array.isArray(relays) ? relays.filter((relay) => relay === true).length : 0;
  if (closed === 0) return ALLOWED;
  return together(
    onRelayBoard(situation),
    closed > 1 ? ask('relays', `${closed} relays closed at once put that many devices in parallel`) : ALLOWED,
  );
}

/** Connecting or disconnecting the board may switch relays: what it does to them is not documented. */
export function onRelayBoard({ unsettled, status }: Situation): Verdict {
  if (!unsettled) return ALLOWED;
  return refuse(
    'relays_under_current',
    `the routine is ${quote(status?.status ?? 'starting')}: switching relays now would arc, or put a pixel under voltage`,
    'Wait until instrument_status shows Ready; opening all relays is always possible.',
  );
}

/** Reads a number. A value that is no number exceeds every limit. */
function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
