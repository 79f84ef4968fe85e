import type { GateRead } from '../../instrument/command-gate.ts';
import { commands } from '../../instrument/commands/index.ts';
import { isMeasuring } from '../../instrument/routine-status.ts';
import {
  assessLaser,
  assessLeds,
  assessOutput,
  assessProbeCurrent,
  assessTemperature,
} from '../limits/assess.ts';
import type { Limits } from '../limits/limits-for.ts';
import { laserOf } from '../laser.ts';
import { orRefused, type Situation } from './situation.ts';
import { ALLOWED, ask, fromFindings, refuse, together, type Verdict } from './verdict.ts';

type Parameter = Readonly<Record<string, unknown>>;

export function onLight({ values }: Parameter, limits: Limits): Verdict {
  const levels = Array.isArray(values) ? values.filter((value) => typeof value === 'number') : [];
  return fromFindings(assessLeds(levels, limits));
}

export function onLaser(parameter: Parameter, limits: Limits): Verdict {
  const { laser, on } = laserOf(parameter, undefined);
  if (!on) return ALLOWED;
  return together(
    ask(
      'laser',
      `switching on the laser (${laser.name}): ${JSON.stringify(parameter)}; cover closed, nobody looks in?`,
    ),
    fromFindings(assessLaser(parameter, limits)),
  );
}

/** SetOutput is in V or A, by the mode in force. */
export async function onOutput({ output }: Parameter, limits: Limits, read: GateRead): Promise<Verdict> {
  if (typeof output !== 'number') return ALLOWED;
  const found = await orRefused(() => read(commands.ROUTINE.GetSettings));
  const mode = modeOf(JSON.stringify(found?.settings ?? {}));
  return fromFindings(assessOutput(output, mode, limits));
}

function modeOf(settings: string): 'voltage' | 'current' | undefined {
  if (/"Mode":\s*"constant voltage"/i.test(settings)) return 'voltage';
  return /"Mode":\s*"constant current"/i.test(settings) ? 'current' : undefined;
}

export function onProbeCurrent({ current }: Parameter, limits: Limits): Verdict {
  return typeof current === 'number' ? fromFindings(assessProbeCurrent(current, limits)) : ALLOWED;
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
      return wanted === undefined ? ALLOWED : fromFindings(assessTemperature(wanted, object, limits));
    }),
  );
}

/** Relays are switched while nothing flows, one at a time. */
export function onRelays({ state, channels }: Parameter, { status }: Situation): Verdict {
  const relays = state ?? channels;
  const closed = Array.isArray(relays) ? relays.filter((relay) => relay === true).length : 0;
  if (closed === 0) return ALLOWED;
  const busy = status !== undefined && (isMeasuring(status) || status.status === 'Initializing');
  return together(
    busy
      ? refuse(
          'relays_under_current',
          `the routine is ${status.status}: switching relays now would arc, or put a pixel under voltage`,
          'Wait until instrument_status shows Ready; opening all relays is always possible.',
        )
      : ALLOWED,
    closed > 1 ? ask('relays', `${closed} relays closed at once put that many devices in parallel`) : ALLOWED,
  );
}
